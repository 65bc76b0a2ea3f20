import assert from "node:assert/strict";

import { alertRouting } from "../../stacks/monitoring.ts";
import { warnings } from "../../stacks/warnings.ts";
import { problems } from "../support/configProblems.ts";
import { configOf } from "../support/plans.ts";
import { everyone, fullyTold, mail } from "../support/routing.ts";

const routing = (change: object, secrets: object = {}) => ({ monitoring: { routing: change }, secrets });
const chat = { name: "team", kind: "discord" };
const topic = { name: "topic", kind: "sns" };
const key = "spywatcher:monitoring.routing";
const secret = "spywatcher:secrets.receivers";

const cases: { name: string; change: unknown; expected: string[]; stack?: string }[] = [
    {
        name: "an unknown kind of receiver",
        change: routing({ receivers: [{ name: "topic", kind: "teams" }] }),
        expected: [
            `${key}.receivers[0].kind: must be "discord", "slack", "pagerduty", "email" or "sns" (is "teams")`,
        ],
    },
    {
        name: "a key that the kind does not have",
        change: routing({ receivers: [{ ...topic, topicArn: "arn" }] }),
        expected: [`${key}.receivers[0].topicArn: unknown key; allowed here: name, kind`],
    },
    {
        name: "a receiver without its secret",
        change: routing({ receivers: [topic, chat], routes: { critical: ["topic", "team"] } }),
        expected: [`${secret}.team: is required: monitoring.routing.receivers has team, of kind discord`],
    },
    {
        name: "a login without its password",
        change: routing({
            receivers: [topic, { ...mail, username: "alerts" }],
            routes: { info: ["archive"] },
        }),
        expected: [`${secret}.archive: is required: monitoring.routing.receivers has archive, of kind email`],
    },
    {
        name: "secrets without a receiver that has one",
        change: routing({}, { receivers: { topic: "not-a-real-secret", gone: "not-a-real-secret" } }),
        expected: ["topic", "gone"].map(
            (name) =>
                `${secret}.${name}: must be absent: no receiver of that name has a secret (is a secret of 17 characters)`,
        ),
    },
    {
        name: "secrets that their kinds cannot have",
        change: routing(
            {
                receivers: [topic, chat, { name: "on-call", kind: "pagerduty" }],
                routes: { critical: ["topic", "team", "on-call"] },
            },
            { receivers: { team: "http://discord.example.com/1", "on-call": "short" } },
        ),
        expected: [
            `${secret}.team: must be the https URL of a webhook, without a slash at the end (is a secret of 28 characters)`,
            `${secret}.on-call: must be an integration key, 32 letters and digits (is a secret of 5 characters)`,
        ],
    },
    {
        name: "a route to a receiver that is not there",
        change: routing({ routes: { critical: ["topic", "pager"] } }),
        expected: [
            `${key}.routes.critical[1]: must be the name of one of monitoring.routing.receivers; there are topic (is "pager")`,
        ],
    },
    {
        name: "a route where nobody is",
        change: routing({ routes: { warning: ["pager"] } }),
        stack: "dev",
        expected: [
            `${key}.routes.warning[0]: must be the name of one of monitoring.routing.receivers; there are none (is "pager")`,
        ],
    },
    {
        name: "a route that names a receiver twice",
        change: routing({ routes: { critical: ["topic", "topic"] } }),
        expected: [
            `${key}.routes.critical[1]: must be named once: the receiver would be told twice (is "topic")`,
        ],
    },
    {
        name: "a route of an unknown severity",
        change: routing({ routes: { page: ["topic"] } }),
        expected: [`${key}.routes.page: unknown key; allowed here: critical, warning, info`],
    },
    {
        name: "two receivers of one name",
        change: routing({ receivers: [topic, { ...mail, name: "topic" }] }),
        expected: [
            `${key}.receivers[1].name: must be another one than those of the receivers before (is "topic")`,
        ],
    },
    {
        name: "names that are taken or none",
        change: routing({
            receivers: [
                { ...topic, name: "nobody" },
                { ...topic, name: "On call" },
            ],
        }),
        expected: [
            `${key}.receivers[0].name: must not be nobody or heartbeat: these are taken (is "nobody")`,
            `${key}.receivers[1].name: must be 1–63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit (is "On call")`,
        ],
    },
    {
        name: "a receiver that is told of nothing",
        change: routing({ receivers: [topic, mail] }),
        expected: [
            `${key}.receivers[1].name: must be in monitoring.routing.routes: the receiver is told of nothing (is "archive")`,
        ],
    },
    {
        name: "what is no address, and no port",
        change: routing({
            receivers: [topic, { ...mail, to: "archive", smarthost: { host: "mail.example.com", port: 0 } }],
            routes: { info: ["archive"] },
        }),
        expected: [
            `${key}.receivers[1].to: must be an e-mail address (is "archive")`,
            `${key}.receivers[1].smarthost.port: must be from 1 to 65535 (is 0)`,
        ],
    },
    {
        name: "a heartbeat without its URL",
        change: routing({ heartbeat: {} }),
        expected: ["spywatcher:secrets.heartbeatUrl: is required with monitoring.routing.heartbeat"],
    },
    {
        name: "a URL without a heartbeat",
        change: routing({}, { heartbeatUrl: "https://heartbeat.example.com/1" }),
        expected: [
            "spywatcher:secrets.heartbeatUrl: must be absent without monitoring.routing.heartbeat (is a secret of 31 characters)",
        ],
    },
    {
        name: "a heart that beats once a day",
        change: routing({ heartbeat: { everyMinutes: 1440 } }),
        expected: [`${key}.heartbeat.everyMinutes: must be from 1 to 60 (is 1440)`],
    },
    ...["Mars/Base", "Europe/BERLIN", "europe/Berlin", "+01:00", "CEST"].map((timeZone) => ({
        name: `the time zone ${timeZone}`,
        change: routing({ quietHours: { timeZone } }),
        expected: [
            `${key}.quietHours.timeZone: must be a time zone such as UTC or Europe/Berlin (is "${timeZone}")`,
        ],
    })),
    {
        name: "times that are none",
        change: routing({ quietHours: { from: "24:00", to: "8:00" } }),
        expected: [
            `${key}.quietHours.from: must be a time from 00:00 to 23:59, in quotes (is "24:00")`,
            `${key}.quietHours.to: must be a time from 00:00 to 23:59, in quotes (is "8:00")`,
        ],
    },
    {
        name: "a night without a length",
        change: routing({ quietHours: { from: "08:00" } }),
        expected: [`${key}.quietHours.to: must be another time than from (is "08:00")`],
    },
    {
        name: "routing without an Alertmanager",
        change: routing(
            { receivers: [mail], routes: { critical: ["archive"] }, heartbeat: {} },
            { heartbeatUrl: "https://heartbeat.example.com/1" },
        ),
        stack: "local",
        expected: ["receivers", "heartbeat"].map(
            (part) =>
                `${key}.${part}: must be absent where monitoring is not installed: its Alertmanager tells nobody`,
        ),
    },
    {
        name: "a topic without AWS",
        change: {
            monitoring: {
                enabled: true,
                existingDefinitions: false,
                routing: { receivers: [topic], routes: { critical: ["topic"] } },
            },
            secrets: { grafanaAdminPassword: "not-a-real-password" },
        },
        stack: "local",
        expected: [
            `${key}.receivers[0].kind: must not be sns unless cluster.kind is eks: only there a topic is made (is "sns")`,
        ],
    },
];

describe("the configuration of alert routing", () => {
    for (const { name, change, expected, stack } of cases) {
        it(`refuses ${name}`, () => {
            assert.deepEqual(problems(change, stack), expected);
        });
    }

    it("takes every kind of receiver", () => {
        assert.deepEqual(problems(everyone), []);
    });

    for (const timeZone of ["UTC", "Europe/Berlin", "Asia/Kolkata", "Europe/Kyiv", "America/Port_of_Spain"]) {
        it(`takes the time zone ${timeZone}`, () => {
            assert.deepEqual(problems(routing({ quietHours: { timeZone } })), []);
        });
    }
});

describe("quiet hours", () => {
    const quiet = (stack: string, change = {}) => alertRouting(configOf(stack, routing(change))).quietHours;

    it("are nights and weekends in dev, and none in prod", () => {
        const { from, to, timeZone, weekends } = quiet("dev") ?? {};
        assert.deepEqual(
            { from, to, timeZone, weekends },
            { from: "20:00", to: "08:00", timeZone: "UTC", weekends: true },
        );
        assert.equal(quiet("prod"), undefined);
    });

    it("can be had in prod and be had not in dev", () => {
        assert.equal(quiet("prod", { quietHours: { enabled: true, from: "22:30" } })?.from, "22:30");
        assert.equal(quiet("dev", { quietHours: { enabled: false } }), undefined);
    });
});

describe("a warning", () => {
    const today = new Date("2026-11-01");
    const { alarms: readers, ...complete } = fullyTold;
    const told = { alarms: readers };
    const alerts =
        "spywatcher:monitoring.routing.routes.critical: nobody is told when the application fails; alerts show in Alertmanager alone. See docs/OPERATIONS.md, who is told.";
    const alarms = (more = "") =>
        `spywatcher:alarms.emails: nobody is told of AWS's own alarms${more}. See docs/OPERATIONS.md, who is told.`;

    it("says when nobody is told", () => {
        assert.deepEqual(warnings(configOf("dev"), today), [alerts, alarms()]);
        assert.deepEqual(warnings(configOf("dev", told), today), [alerts]);
    });

    it("says when nobody reads the topic", () => {
        assert.deepEqual(warnings(configOf("prod", complete), today), [
            alarms(", nor of the alerts that go to the topic"),
        ]);
    });

    it("says that the receivers do not read the topic", () => {
        const { receivers, routes } = everyone.monitoring.routing;
        const chats = {
            receivers: receivers.filter(({ kind }) => kind !== "email"),
            routes: { ...routes, info: [] },
            heartbeat: {},
        };
        const { archive, ...secrets } = everyone.secrets.receivers;
        assert.ok(archive);
        const change = {
            monitoring: { ...complete.monitoring, routing: chats },
            secrets: { ...everyone.secrets, receivers: secrets },
        };
        assert.deepEqual(warnings(configOf("prod", change), today), [
            "spywatcher:alarms.emails: nobody is told of the alerts that go to the topic. See docs/OPERATIONS.md, who is told.",
        ]);
    });

    it("says what has no protection in prod", () => {
        const config = configOf("prod", {
            ...fullyTold,
            protect: false,
            cluster: { kind: "eks", deletionProtection: false },
            app: { ingress: { deletionProtection: false } },
            data: {
                kind: "aws",
                postgres: { deletionProtection: false, finalSnapshot: false },
                redis: { finalSnapshot: false },
            },
        });
        assert.deepEqual(
            warnings(config, today),
            [
                "protect",
                "cluster.deletionProtection",
                "app.ingress.deletionProtection",
                "data.postgres.deletionProtection",
                "data.postgres.finalSnapshot",
                "data.redis.finalSnapshot",
            ].map(
                (key) => `spywatcher:${key}: is off in prod, so that a mistake can delete what it protects.`,
            ),
        );
    });

    it("says when runbooks cannot be opened, and when nothing outside misses the alerts", () => {
        assert.deepEqual(warnings(configOf("prod", told), today), [
            "spywatcher:monitoring.rules.runbookBase: alerts name their runbooks by a path in this repository, which nobody who is told can open. Set it to the address of the repository's files.",
            "spywatcher:monitoring.routing.heartbeat: nobody is told when Prometheus, Alertmanager or the cluster is gone, and every alert with it. See docs/OPERATIONS.md, who is told.",
        ]);
        const noRules = { ...complete.monitoring, rules: { enabled: false } };
        assert.deepEqual(warnings(configOf("prod", { ...fullyTold, monitoring: noRules }), today), []);
    });

    it("is not given where somebody is told, and where nothing is installed", () => {
        assert.deepEqual(warnings(configOf("prod", fullyTold), today), []);
        assert.deepEqual(warnings(configOf("local"), today), []);
    });
});
