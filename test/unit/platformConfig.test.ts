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

    it("refuses tags that break the controller's arguments", () => {
        assert.deepEqual(problems("prod", { aws: { owner: "team: platform" } }), [
            'spywatcher:aws.owner: must not contain a colon before a space: the load balancer controller\'s chart breaks on it (is "team: platform")',
        ]);
        assert.deepEqual(problems("prod", { aws: { owner: "team:platform" } }), []);
    });
});
