import assert from "node:assert/strict";

import type { Plan } from "../../ops/plan/model.ts";
import { planOf } from "../support/plans.ts";
import { releaseValues } from "../support/releases.ts";
import { everyone } from "../support/routing.ts";
import { checkConfig, receiversOf } from "./support/amtool.ts";

const configIn = (plan: Plan): object =>
    releaseValues(plan, "kube-prometheus-stack").alertmanager.config as object;

/** Configurations as they are installed: by stack, as it is in its file and with somebody at every kind of receiver. */
const stacks: Record<string, () => Promise<object>> = {
    prod: async () => configIn(await planOf("prod")),
    dev: async () => configIn(await planOf("dev")),
    "prod with every kind of receiver": async () => configIn(await planOf("prod", everyone)),
    "dev with every kind of receiver": async () => configIn(await planOf("dev", everyone)),
};

const backend = { namespace: "spywatcher", deployment: "spywatcher-backend" };

/** Labels of an alert, and who is told of it in prod, in dev, and with every kind of receiver. */
const alerts: { name: string; labels: Record<string, string>; told: [string[], string[], string[]] }[] = [
    {
        name: "a critical alert",
        labels: { alertname: "ServiceNoEndpoints", severity: "critical", ...backend },
        told: [["topic"], ["nobody"], ["on-call", "team", "topic"]],
    },
    {
        name: "a warning",
        labels: { alertname: "PodsNotReady", severity: "warning", ...backend },
        told: [["topic"], ["nobody"], ["team", "office"]],
    },
    {
        name: "an alert for information",
        labels: { alertname: "CPUThrottlingHigh", severity: "info", namespace: "spywatcher" },
        told: [["nobody"], ["nobody"], ["archive"]],
    },
    {
        name: "an alert without a severity",
        labels: { alertname: "SomebodyElsesAlert" },
        told: [["topic"], ["nobody"], ["team", "office"]],
    },
    {
        name: "an alert of a severity nobody has heard of",
        labels: { alertname: "SomebodyElsesAlert", severity: "page" },
        told: [["topic"], ["nobody"], ["team", "office"]],
    },
    {
        name: "the alert that always fires",
        labels: { alertname: "Watchdog", severity: "none" },
        told: [["nobody"], ["nobody"], ["heartbeat"]],
    },
    {
        name: "the alert that holds others back",
        labels: { alertname: "InfoInhibitor", severity: "none", namespace: "spywatcher" },
        told: [["nobody"], ["nobody"], ["nobody"]],
    },
];

describe("the routing of alerts", () => {
    for (const [name, config] of Object.entries(stacks)) {
        it(`of ${name} is one that amtool finds no fault with`, async () => {
            const { passed, output } = await checkConfig(await config());
            assert.ok(passed, output);
        });
    }

    for (const [from, to] of [
        ["20:00", "00:00"],
        ["00:00", "08:00"],
        ["23:59", "00:00"],
        ["00:01", "00:00"],
        ["08:00", "07:59"],
    ] as const) {
        it(`has quiet hours from ${from} to ${to}`, async () => {
            const quietHours = { enabled: true, from, to };
            const config = configIn(await planOf("prod", { monitoring: { routing: { quietHours } } }));
            const { passed, output } = await checkConfig(config);
            assert.ok(passed, output);
        });
    }

    it("is found at fault when a route leads nowhere", async () => {
        const { passed, output } = await checkConfig({
            ...(await stacks["prod"]?.()),
            receivers: [{ name: "nobody" }],
        });
        assert.equal(passed, false);
        assert.match(output, /undefined receiver "topic" used in route/);
    });

    for (const { name, labels, told } of alerts) {
        it(`tells the right receivers of ${name}`, async () => {
            const [prod, dev, all] = told;
            assert.deepEqual(await receiversOf((await stacks["prod"]?.()) ?? {}, labels), prod);
            assert.deepEqual(await receiversOf((await stacks["dev"]?.()) ?? {}, labels), dev);
            for (const stack of ["prod", "dev"]) {
                assert.deepEqual(await receiversOf(configIn(await planOf(stack, everyone)), labels), all);
            }
        });
    }
});
