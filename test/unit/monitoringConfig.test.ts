import assert from "node:assert/strict";

import { problems } from "../support/configProblems.ts";
import { oidcLogin } from "../support/grafanaLogin.ts";
import { configOf } from "../support/plans.ts";

const customMetrics = { app: { backend: { autoscaling: { customMetrics: { enabled: true } } } } };

const cases: { name: string; change: unknown; expected: string[]; stack?: string }[] = [
    {
        name: "more samples than the volume holds",
        change: { monitoring: { prometheus: { retentionSize: "41Gi", storage: "50Gi" } } },
        expected: [
            'spywatcher:monitoring.prometheus.retentionSize: must be at most 80 % of storage, which is 50Gi: a full volume stops Prometheus (is "41Gi")',
        ],
    },
    {
        name: "a size without a binary unit, and a time without a unit",
        change: { monitoring: { prometheus: { retentionSize: "8G", retention: "15" } } },
        expected: [
            'spywatcher:monitoring.prometheus.retention: must be a time in hours, days, weeks or years, such as 15d (is "15")',
            'spywatcher:monitoring.prometheus.retentionSize: must be a size in Mi, Gi or Ti, such as 8Gi (is "8G")',
        ],
    },
    {
        name: "three Prometheis",
        change: { monitoring: { prometheus: { replicas: 3 } } },
        expected: ["spywatcher:monitoring.prometheus.replicas: must be from 1 to 2 (is 3)"],
    },
    {
        name: "an Alertmanager that keeps days",
        change: { monitoring: { alertmanager: { retention: "5d" } } },
        expected: [
            'spywatcher:monitoring.alertmanager.retention: must be a time in hours, such as 120h (is "5d")',
        ],
    },
    {
        name: "two operators",
        change: { monitoring: { existingDefinitions: true } },
        expected: [
            "spywatcher:monitoring.existingDefinitions: must be false where monitoring is installed: two operators would fight over the same objects; or set monitoring.enabled to false (is true)",
        ],
    },
    {
        name: "alert rules with monitoring off",
        change: { monitoring: { enabled: false, rules: { enabled: true } } },
        stack: "dev",
        expected: [
            "spywatcher:monitoring.rules.enabled: must be false, or left out, where nothing evaluates rules; or set monitoring.enabled to true, or monitoring.existingDefinitions where a Prometheus operator is there already (is true)",
        ],
    },
    {
        name: "dashboards with monitoring off",
        change: { monitoring: { enabled: false, dashboards: true } },
        stack: "dev",
        expected: [
            "spywatcher:monitoring.dashboards: must be false, or left out, where Grafana is not installed; or set monitoring.enabled and monitoring.grafana.enabled to true (is true)",
        ],
    },
    {
        name: "dashboards without Grafana",
        change: { monitoring: { dashboards: true, grafana: { enabled: false } } },
        expected: [
            "spywatcher:monitoring.dashboards: must be false, or left out, where Grafana is not installed; or set monitoring.enabled and monitoring.grafana.enabled to true (is true)",
        ],
    },
    {
        name: "custom metrics without Prometheus",
        change: { platform: { customMetrics: { enabled: true } } },
        stack: "local",
        expected: [
            "spywatcher:platform.customMetrics.enabled: must be false where monitoring is not installed: the adapter asks its Prometheus (is true)",
        ],
    },
    {
        name: "an HPA on custom metrics that nothing serves",
        change: customMetrics,
        stack: "local",
        expected: [
            "spywatcher:app.backend.autoscaling.customMetrics.enabled: must be false where nothing serves custom metrics; or install monitoring, whose Prometheus has them (is true)",
        ],
    },
    {
        name: "an HPA on custom metrics without the adapter",
        change: { ...customMetrics, platform: { customMetrics: { enabled: false } } },
        expected: [
            "spywatcher:app.backend.autoscaling.customMetrics.enabled: must be false where nothing serves custom metrics; or leave platform.customMetrics.enabled out (is true)",
        ],
    },
    {
        name: "custom metrics of the frontend, which has none",
        change: { app: { frontend: { autoscaling: { customMetrics: { enabled: true } } } } },
        expected: [
            "spywatcher:app.frontend.autoscaling.customMetrics: unknown key; allowed here: minReplicas, maxReplicas, cpuUtilization, memoryUtilization",
        ],
    },
    {
        name: "Grafana without a password",
        change: { monitoring: { enabled: true, existingDefinitions: false } },
        stack: "local",
        expected: [
            "spywatcher:secrets.grafanaAdminPassword: is required where Grafana is installed; or set monitoring.grafana.enabled to false",
        ],
    },
    {
        name: "a short password",
        change: { secrets: { grafanaAdminPassword: "admin" } },
        expected: [
            "spywatcher:secrets.grafanaAdminPassword: must have at least 16 characters (is a secret of 5 characters)",
        ],
    },
    {
        name: "a way in to a Grafana that is not there",
        change: {
            monitoring: {
                grafana: { enabled: false, ingress: { host: "g.example.com", inboundCidrs: ["10.0.0.0/8"] } },
            },
        },
        expected: ["spywatcher:monitoring.grafana.ingress: must be absent where Grafana is not installed"],
    },
    {
        name: "a login at a provider without the client's secret",
        change: { monitoring: oidcLogin.monitoring },
        expected: [
            "spywatcher:secrets.grafanaClientSecret: is required with monitoring.grafana.ingress.login of kind oidc; or leave login out",
        ],
    },
    {
        name: "a way in for nobody",
        change: { monitoring: { grafana: { ingress: { host: "g.example.com", inboundCidrs: [] } } } },
        expected: ["spywatcher:monitoring.grafana.ingress.inboundCidrs: must name at least one network"],
    },
    {
        name: "a range of chart versions",
        change: { platform: { charts: { "kube-prometheus-stack": { version: "^88.0.0" } } } },
        expected: [
            'spywatcher:platform.charts.kube-prometheus-stack.version: must be one exact version, such as 1.2.3, not a range (is "^88.0.0")',
        ],
    },
    {
        name: "a Prometheus larger than any node",
        change: { monitoring: { prometheus: { memory: "7Gi" } } },
        stack: "dev",
        expected: [
            ["t3.medium", "2846Mi"],
            ["t3.large", "6437Mi"],
            ["t3a.medium", "2846Mi"],
            ["t3a.large", "6437Mi"],
            ["m6i.large", "6503Mi"],
            ["m6a.large", "6503Mi"],
            ["m7i-flex.large", "6503Mi"],
        ].map(
            ([type, free], index) =>
                `spywatcher:cluster.nodePools.instanceTypes[${index}]: must be larger: a pod requests 7232Mi of memory, but a node has ${free} for pods (is "${type}")`,
        ),
    },
];

describe("the configuration of monitoring", () => {
    for (const { name, change, expected, stack } of cases) {
        it(`refuses ${name}`, () => {
            assert.deepEqual(problems(change, stack), expected);
        });
    }

    it("makes rules with somebody else's operator, and neither rules nor dashboards with monitoring off", () => {
        const rules = { rules: { enabled: true } };
        assert.deepEqual(problems({ monitoring: { existingDefinitions: true, ...rules } }, "local"), []);
        assert.deepEqual(problems({ monitoring: { enabled: false } }, "dev"), []);
    });

    it("needs no password where Grafana is off, and none of a stack that installs nothing", () => {
        const change = {
            monitoring: { enabled: true, existingDefinitions: false, grafana: { enabled: false } },
        };
        assert.deepEqual(problems(change, "local"), []);
        assert.equal("grafanaAdminPassword" in configOf("local").secrets, false);
    });

    it("installs in a cluster that exists when told to, on its default class", () => {
        const change = {
            monitoring: { enabled: true, existingDefinitions: false },
            secrets: { grafanaAdminPassword: "not-a-real-password" },
            ...customMetrics,
        };
        assert.deepEqual(problems(change, "local"), []);
    });
});
