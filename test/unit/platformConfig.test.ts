import assert from "node:assert/strict";

import { ConfigError } from "../../stacks/problems.ts";
import type { ConfigInput } from "../../stacks/schema/index.ts";
import { warnings } from "../../stacks/warnings.ts";
import { configOf, type DeepPartial } from "../support/plans.ts";
import { fullyTold } from "../support/routing.ts";

function problems(stack: string, change: DeepPartial<ConfigInput>): readonly string[] {
    try {
        configOf(stack, change);
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.problems;
    }
    return [];
}

const controllerVersion = (version: string): DeepPartial<ConfigInput> => ({
    platform: { charts: { "aws-load-balancer-controller": { version } } },
});

describe("the configuration of the platform", () => {
    it("refuses a load balancer controller in a cluster of somebody else's", () => {
        assert.deepEqual(problems("local", { platform: { loadBalancerController: { enabled: true } } }), [
            "spywatcher:platform.loadBalancerController.enabled: must be false with a cluster that exists already: its controller needs a role and a VPC that this program does not know (is true)",
        ]);
    });

    it("refuses a controller older than its policy", () => {
        assert.deepEqual(problems("prod", controllerVersion("3.4.0")), [
            'spywatcher:platform.charts.aws-load-balancer-controller.version: must be 3.5.0 or later: the controller\'s IAM policy and values are written for it (is "3.4.0")',
        ]);
        assert.deepEqual(problems("prod", controllerVersion("3.5.0")), []);
        const other = { platform: { loadBalancerController: { enabled: false } } };
        assert.deepEqual(
            problems("prod", { platform: { ...controllerVersion("3.4.0").platform, ...other.platform } }),
            [],
        );
    });

    it("warns of a controller newer than its policy, but for patches", () => {
        const today = new Date("2026-11-01");
        const warningsOf = (version: string): string[] =>
            warnings(configOf("prod", { ...fullyTold, ...controllerVersion(version) }), today);
        assert.deepEqual(warningsOf("3.5.7"), []);
        assert.deepEqual(warningsOf("3.6.0"), [
            "spywatcher:platform.charts.aws-load-balancer-controller.version: the controller's IAM policy is the one of 3.5.0; see whether 3.6.0 needs more (docs/install/iam_policy.json of both).",
        ]);
    });

    it("refuses a range of chart versions", () => {
        assert.deepEqual(
            problems("prod", { platform: { charts: { "metrics-server": { version: "^3.13.0" } } } }),
            [
                'spywatcher:platform.charts.metrics-server.version: must be one exact version, such as 1.2.3, not a range (is "^3.13.0")',
            ],
        );
    });

    it("refuses other spellings of a version, which addresses are made of", () => {
        for (const version of ["v3.5.1", "3.5", "3.5.1-rc.1"]) {
            assert.deepEqual(problems("prod", controllerVersion(version)), [
                `spywatcher:platform.charts.aws-load-balancer-controller.version: must be one exact version, such as 1.2.3, not a range (is "${version}")`,
            ]);
        }
    });

    describe("takes charts from", () => {
        const of = (name: string, override: Record<string, unknown>): readonly string[] =>
            problems("prod", { platform: { charts: { [name]: override } } });
        const key = "spywatcher:platform.charts";

        it("a mirror by name, an address, or a path", () => {
            const repository = "https://charts.example.com";
            for (const override of [
                { repository },
                { chart: "our-metrics-server", repository },
                { chart: "oci://registry.example.com/charts/metrics-server" },
                { chart: "./charts/metrics-server" },
                { chart: "/charts/metrics-server-3.13.1.tgz" },
            ]) {
                assert.deepEqual(of("metrics-server", override), []);
            }
            assert.deepEqual(of("karpenter", { chart: "karpenter", repository }), []);
        });

        it("nothing that Helm takes for a name or a path as it finds it", () => {
            for (const chart of [
                "charts/metrics-server",
                "oci://registry",
                "https://x.example.com/a.tgz",
                "",
            ]) {
                assert.deepEqual(of("metrics-server", { chart }), [
                    `${key}.metrics-server.chart: must be a name in the repository, an oci:// address, or a path that begins with /, ./ or ../ (is "${chart}")`,
                ]);
            }
        });

        it("one place", () => {
            const repository = "https://charts.example.com";
            for (const chart of ["oci://registry.example.com/metrics-server", "./metrics-server"]) {
                assert.deepEqual(of("metrics-server", { chart, repository }), [
                    `${key}.metrics-server.repository: must be absent where chart is an oci:// address or a path (is "${repository}")`,
                ]);
            }
            assert.deepEqual(of("karpenter", { repository }), [
                `${key}.karpenter.repository: needs chart as well, the name in this repository: the publisher's is an oci:// address (is "${repository}")`,
            ]);
            assert.deepEqual(of("karpenter", { chart: "karpenter" }), [
                `${key}.karpenter.chart: needs repository as well: the publisher has none with an index (is "karpenter")`,
            ]);
        });
    });

    it("refuses controllers and definitions that do not belong together", () => {
        const charts = (versions: Record<string, string>) => ({
            platform: {
                charts: Object.fromEntries(
                    Object.entries(versions).map(([name, version]) => [name, { version }]),
                ),
            },
        });
        assert.deepEqual(problems("prod", charts({ karpenter: "1.15.0" })), [
            'spywatcher:platform.charts.karpenter.version: must be the version of karpenter-crd, which is 1.14.1; set both (is "1.15.0")',
        ]);
        assert.deepEqual(problems("prod", charts({ "kube-prometheus-stack": "99.0.0" })), [
            'spywatcher:platform.charts.kube-prometheus-stack.version: needs platform.charts.prometheus-operator-crds.version as well, the one with the same operator (appVersion of both) (is "99.0.0")',
        ]);
        assert.deepEqual(
            problems(
                "prod",
                charts({
                    karpenter: "1.15.0",
                    "karpenter-crd": "1.15.0",
                    "kube-prometheus-stack": "99.0.0",
                    "prometheus-operator-crds": "40.0.0",
                }),
            ),
            [],
        );
    });

    it("refuses tags that break the controller's arguments", () => {
        assert.deepEqual(problems("prod", { aws: { owner: "team: platform" } }), [
            'spywatcher:aws.owner: must not contain a colon before a space: the load balancer controller\'s chart breaks on it (is "team: platform")',
        ]);
        assert.deepEqual(problems("prod", { aws: { owner: "team:platform" } }), []);
    });
});
