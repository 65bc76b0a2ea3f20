import assert from "node:assert/strict";

import { alertGroups } from "../../infra/observability/ruleGroups.ts";
import { object, objects, planOf } from "../support/plans.ts";
import { releaseValues } from "../support/releases.ts";
import { everyone, mail } from "../support/routing.ts";
import { ruleArgs } from "../support/ruleArgs.ts";

const chart = "kube-prometheus-stack";
const alertmanager = async (stack: string, change = {}) =>
    releaseValues(await planOf(stack, change), chart).alertmanager;
const configOf = async (stack: string, change = {}) => (await alertmanager(stack, change)).config;

const topicArn = "arn:aws:sns:us-east-1:123456789012:spywatcher-prod-alerts";
const critical = { matchers: ['severity = "critical"'], repeat_interval: "1h" };
const warning = { matchers: [], repeat_interval: "12h" };
const info = { matchers: ['severity = "info"'], repeat_interval: "24h" };
const watchdog = { matchers: ['alertname = "Watchdog"'] };
const inhibitor = { receiver: "nobody", matchers: ['alertname = "InfoInhibitor"'] };

describe("the routes of alerts", () => {
    it("group by alert and workload, and lead to each receiver of a severity", async () => {
        const { route } = await configOf("prod", everyone);
        assert.deepEqual(route, {
            receiver: "nobody",
            group_by: [
                "alertname",
                "namespace",
                "deployment",
                "statefulset",
                "daemonset",
                "horizontalpodautoscaler",
                "persistentvolumeclaim",
                "slo",
            ],
            group_wait: "30s",
            group_interval: "5m",
            repeat_interval: "12h",
            routes: [
                {
                    receiver: "heartbeat",
                    ...watchdog,
                    group_wait: "0s",
                    group_interval: "1m",
                    repeat_interval: "5m",
                },
                inhibitor,
                { receiver: "on-call", ...critical, continue: true },
                { receiver: "team", ...critical, continue: true },
                { receiver: "topic", ...critical, continue: false },
                { receiver: "archive", ...info, continue: false },
                { receiver: "team", ...warning, continue: true },
                { receiver: "office", ...warning, continue: false },
            ],
        });
    });

    it("lead nowhere without receivers, and are muted at night but for what is critical", async () => {
        const { route, receivers } = await configOf("dev");
        const muted = { mute_time_intervals: ["quiet-hours"] };
        assert.deepEqual(receivers, [{ name: "nobody" }]);
        assert.deepEqual(route.routes, [
            { receiver: "nobody", ...watchdog },
            inhibitor,
            { receiver: "nobody", ...critical, continue: false },
            { receiver: "nobody", ...info, continue: false, ...muted },
            { receiver: "nobody", ...warning, continue: false, ...muted },
        ]);
    });
});

describe("quiet hours", () => {
    it("go from evening to morning, in two parts, and over the weekend", async () => {
        assert.deepEqual((await configOf("dev")).time_intervals, [
            {
                name: "quiet-hours",
                time_intervals: [
                    {
                        times: [
                            { start_time: "20:00", end_time: "24:00" },
                            { start_time: "00:00", end_time: "08:00" },
                        ],
                        location: "UTC",
                    },
                    { weekdays: ["saturday", "sunday"], location: "UTC" },
                ],
            },
        ]);
    });

    it("may be within a day, without weekends", async () => {
        const quietHours = { from: "01:00", to: "05:30", weekends: false, timeZone: "Europe/Berlin" };
        const config = await configOf("dev", { monitoring: { routing: { quietHours } } });
        assert.deepEqual(config.time_intervals[0].time_intervals, [
            { times: [{ start_time: "01:00", end_time: "05:30" }], location: "Europe/Berlin" },
        ]);
    });

    it("may end at midnight", async () => {
        const quietHours = { from: "22:00", to: "00:00", weekends: false };
        const config = await configOf("dev", { monitoring: { routing: { quietHours } } });
        assert.deepEqual(config.time_intervals[0].time_intervals, [
            { times: [{ start_time: "22:00", end_time: "24:00" }], location: "UTC" },
        ]);
    });

    it("are none in prod", async () => {
        assert.equal("time_intervals" in (await configOf("prod")), false);
    });
});

type Labels = Readonly<Record<string, string>>;

function matches(labels: Labels, matchers: readonly string[]): boolean {
    return matchers.every((matcher) => {
        const [, name = "", operator = "", value = ""] = /^(\w+) (=~|!~|!=|=) "(.*)"$/.exec(matcher) ?? [];
        const own = labels[name] ?? "";
        const equal = operator.endsWith("~") ? new RegExp(`^(?:${value})$`).test(own) : own === value;
        return operator.startsWith("!") ? !equal : equal;
    });
}

/** Whether one of the alerts silences this one, as Alertmanager has it: what is source and target at once is not silenced. */
function inhibited(alert: Labels, alerts: readonly Labels[], rules: readonly any[]): boolean {
    return rules.some(
        ({ source_matchers, target_matchers, equal = [] }) =>
            matches(alert, target_matchers) &&
            !matches(alert, source_matchers) &&
            alerts.some(
                (source) =>
                    matches(source, source_matchers) &&
                    (equal as string[]).every((name) => (source[name] ?? "") === (alert[name] ?? "")),
            ),
    );
}

describe("what silences what", () => {
    it("is the graver of two about the same thing, the cluster's end, and the chart's own inhibitor", async () => {
        const { inhibit_rules } = await configOf("prod");
        const sameThing = (label: string) => ({
            source_matchers: ['severity = "critical"', `${label} != ""`],
            target_matchers: ['severity =~ "warning|info"'],
            equal: ["namespace", label],
        });
        assert.deepEqual(inhibit_rules, [
            sameThing("alertname"),
            sameThing("deployment"),
            sameThing("statefulset"),
            sameThing("daemonset"),
            sameThing("horizontalpodautoscaler"),
            sameThing("persistentvolumeclaim"),
            sameThing("slo"),
            {
                source_matchers: ['alertname =~ "High5xxErrorRate"'],
                target_matchers: ['alertname =~ "(Availability|Latency)BudgetBurn(Fast|Medium)"'],
                equal: ["namespace", "slo"],
            },
            {
                source_matchers: ['alertname =~ "(Availability|Latency)BudgetBurnFast"'],
                target_matchers: ['alertname =~ "(Availability|Latency)BudgetBurn(Medium)"'],
                equal: ["namespace", "slo"],
            },
            {
                source_matchers: ['alertname = "KubeAPIDown"'],
                target_matchers: [
                    'alertname !~ "KubeAPIDown|Watchdog|High5xxErrorRate|(Availability|Latency)BudgetBurn(Fast|Medium)"',
                ],
            },
            {
                source_matchers: ['alertname = "InfoInhibitor"'],
                target_matchers: ['severity = "info"'],
                equal: ["namespace"],
            },
        ]);
    });

    const told = async (firing: readonly (readonly [string, Record<string, string>])[]) => {
        const { inhibit_rules } = await configOf("prod");
        const labelsOf = new Map(
            alertGroups(ruleArgs).flatMap(({ rules }) =>
                rules.map(({ alert, severity, slo = "" }) => [alert, { severity, slo }]),
            ),
        );
        const alerts = firing.map(([alertname, own]) => ({
            ...labelsOf.get(alertname),
            alertname,
            namespace: "spywatcher",
            ...own,
        }));
        return alerts
            .filter((alert) => !inhibited(alert, alerts, inhibit_rules))
            .map((each) => each.alertname);
    };

    it("makes one alert of a Service that fails, and of one that is slow", async () => {
        const burning = (what: string) =>
            ["Fast", "Medium", "Slow"].map((speed) => [`${what}BudgetBurn${speed}`, {}] as const);
        assert.deepEqual(await told([["High5xxErrorRate", {}], ...burning("Availability")]), [
            "High5xxErrorRate",
        ]);
        assert.deepEqual(await told(burning("Availability")), ["AvailabilityBudgetBurnFast"]);
        assert.deepEqual(await told([["HighResponseTime", {}], ...burning("Latency")]), [
            "LatencyBudgetBurnFast",
        ]);
        assert.deepEqual(await told(burning("Latency").slice(1)), ["LatencyBudgetBurnMedium"]);
    });

    it("tells of two faults, of two namespaces and of two volumes", async () => {
        const both = [
            ["AvailabilityBudgetBurnFast", {}],
            ["LatencyBudgetBurnMedium", {}],
        ] as const;
        assert.deepEqual(
            await told(both),
            both.map(([name]) => name),
        );
        assert.deepEqual(
            await told([
                ["High5xxErrorRate", { namespace: "blue" }],
                ["AvailabilityBudgetBurnSlow", {}],
            ]),
            ["High5xxErrorRate", "AvailabilityBudgetBurnSlow"],
        );
        const full = [
            ["VolumeAlmostFull", { persistentvolumeclaim: "data-postgres-0" }],
            ["VolumeFillingUp", { persistentvolumeclaim: "data-postgres-0" }],
            ["VolumeFillingUp", { persistentvolumeclaim: "data-redis-0" }],
        ] as const;
        assert.deepEqual(await told(full), ["VolumeAlmostFull", "VolumeFillingUp"]);
    });

    it("leaves those alerts alone that tell of users", async () => {
        const { inhibit_rules } = await configOf("prod");
        const spared = new RegExp(`^(?:${/"(.+)"/.exec(inhibit_rules[9].target_matchers[0])?.[1] ?? ""})$`);
        const names = alertGroups(ruleArgs).flatMap(({ rules }) => rules.map(({ alert }) => alert));
        assert.deepEqual(
            names.filter((name) => spared.test(name)),
            [
                "High5xxErrorRate",
                "AvailabilityBudgetBurnFast",
                "LatencyBudgetBurnFast",
                "AvailabilityBudgetBurnMedium",
                "LatencyBudgetBurnMedium",
            ],
        );
    });
});

describe("receivers", () => {
    const receiver = async (name: string) =>
        (await configOf("prod", everyone)).receivers.find((each: { name: string }) => each.name === name);
    const title =
        '[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}] {{ .CommonLabels.alertname }} {{ .CommonLabels.namespace }}';

    it("read their secrets from files", async () => {
        const { pagerduty_configs } = await receiver("on-call");
        assert.deepEqual(pagerduty_configs, [
            {
                send_resolved: true,
                routing_key_file: "/etc/alertmanager/receivers/on-call",
                description: title,
                severity: '{{ if eq .CommonLabels.severity "critical" }}critical{{ else }}warning{{ end }}',
            },
        ]);
        const { email_configs } = await receiver("archive");
        assert.deepEqual(email_configs, [
            {
                send_resolved: true,
                to: "archive@example.com",
                from: "alerts@example.com",
                smarthost: "mail.example.com:587",
                require_tls: true,
                auth_username: "alerts",
                auth_password_file: "/etc/alertmanager/receivers/archive",
            },
        ]);
        assert.deepEqual(await receiver("heartbeat"), {
            name: "heartbeat",
            webhook_configs: [{ send_resolved: false, url_file: "/etc/alertmanager/receivers/heartbeat" }],
        });
    });

    it("of Discord and Slack get the same message, since the operator knows no file of Discord's", async () => {
        for (const name of ["team", "office"]) {
            const { slack_configs, ...rest } = await receiver(name);
            assert.deepEqual(rest, { name });
            const [{ text, ...config }] = slack_configs;
            assert.deepEqual(config, {
                send_resolved: true,
                api_url_file: `/etc/alertmanager/receivers/${name}`,
                title,
                title_link: '{{ "" }}',
                color: '{{ if eq .Status "firing" }}#d1242f{{ else }}#1a7f37{{ end }}',
            });
            assert.match(text, /\$alert\.Annotations\.runbook_url/);
        }
    });

    it("of kind sns publish to the topic of AWS's alarms", async () => {
        const { sns_configs } = await receiver("topic");
        const [{ message, ...config }] = sns_configs;
        assert.match(message, /\$alert\.Annotations\.description/);
        assert.deepEqual(config, {
            send_resolved: true,
            topic_arn: topicArn,
            sigv4: { region: "us-east-1" },
            subject: "[{{ .Status | toUpper }}] {{ .CommonLabels.alertname }}",
        });
    });

    it("log in nowhere when nobody says as whom", async () => {
        const { name, to, from, smarthost } = mail;
        const config = await configOf("prod", {
            monitoring: {
                routing: {
                    receivers: [{ ...mail, smarthost: { ...smarthost, port: 25 } }],
                    routes: { critical: [name], warning: [] },
                },
            },
        });
        assert.deepEqual(config.receivers[1].email_configs, [
            { send_resolved: true, to, from, smarthost: "mail.example.com:25", require_tls: true },
        ]);
    });
});

describe("the receivers' secrets", () => {
    it("are files of one Secret, mounted where the configuration looks", async () => {
        const plan = await planOf("prod", everyone);
        const { alertmanagerSpec } = await alertmanager("prod", everyone);
        const [{ name, secret }] = alertmanagerSpec.volumes;
        assert.match(secret.secretName, /^alertmanager-receivers-[0-9a-f]{10}$/);
        assert.deepEqual(alertmanagerSpec.volumeMounts, [
            { name, mountPath: "/etc/alertmanager/receivers", readOnly: true },
        ]);
        const { stringData } = object(plan, "Secret", secret.secretName);
        assert.deepEqual(stringData, {
            "on-call": "[secret]",
            team: "[secret]",
            office: "[secret]",
            archive: "[secret]",
            heartbeat: "[secret]",
        });
    });

    it("give the Secret another name when one changes, so that the pods read it", async () => {
        const nameWith = async (secrets: object): Promise<string> =>
            (await alertmanager("prod", { ...everyone, secrets })).alertmanagerSpec.volumes[0].secret
                .secretName;
        const { receivers } = everyone.secrets;
        const changed = { ...everyone.secrets, receivers: { ...receivers, archive: "not-the-old-password" } };
        assert.notEqual(await nameWith(changed), await nameWith(everyone.secrets));
    });

    it("are in no Secret when there are none", async () => {
        const { alertmanagerSpec } = await alertmanager("prod");
        assert.equal("volumes" in alertmanagerSpec, false);
        const names = objects(await planOf("prod"), "Secret").map(({ metadata }) => metadata.name);
        assert.deepEqual(
            names.filter((name) => name.startsWith("alertmanager")),
            [],
        );
    });
});
