import assert from "node:assert/strict";

import { instanceTypes, nodeResources } from "../../../infra/cluster/instanceTypes.ts";
import { nodes } from "../../../local/nodes.ts";
import { resolveOptions } from "../../../local/options.ts";

describe("local/options", () => {
    it("fills the defaults", () => {
        const { folder, ...settings } = resolveOptions({ region: "eu-central-1" });
        assert.ok(folder.endsWith("/local"), folder);
        assert.deepEqual(settings, {
            name: "local",
            nodes: 3,
            zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
            region: "eu-central-1",
            instanceType: "m6i.xlarge",
            podStartupSeconds: 2,
            jobSeconds: 1,
        });
    });

    it("reports every problem at once", () => {
        const wrong = { name: "No", nodes: 0, zones: [], podStartupSeconds: -1, jobSeconds: NaN };
        assert.throws(() => resolveOptions({ ...wrong, instanceType: "x1.huge" as "m6i.large" }), {
            name: "LocalClusterError",
            message: [
                "The options of the embedded cluster are not valid:",
                '  name: "No" is not a DNS label (a-z, 0-9 and -, at most 40 characters)',
                "  nodes: 0 is not a whole number from 1 to 50",
                "  zones: [] is not a list of at least one DNS label",
                `  instanceType: "x1.huge" is none of ${Object.keys(instanceTypes).join(", ")}`,
                "  podStartupSeconds: -1 is not a number from 0 to 3600",
                "  jobSeconds: NaN is not a number from 0 to 3600",
            ].join("\n"),
        });
    });
});

describe("local/nodes", () => {
    it("gives nodes what EKS leaves of an instance for pods", () => {
        assert.deepEqual(nodeResources("m6i.large").allocatable, {
            cpu: "1930m",
            memory: "6903Mi",
            "ephemeral-storage": "18Gi",
            pods: "29",
        });
        assert.equal(nodeResources("m6i.xlarge").allocatable.cpu, "3920m");
    });

    it("spreads nodes over the zones in turn", () => {
        const made = nodes(resolveOptions({ nodes: 4 }), 1234);
        assert.deepEqual(
            made.map(({ metadata }) => [metadata.name, metadata.labels?.["topology.kubernetes.io/zone"]]),
            [
                ["node-1-us-east-1a", "us-east-1a"],
                ["node-2-us-east-1b", "us-east-1b"],
                ["node-3-us-east-1c", "us-east-1c"],
                ["node-4-us-east-1a", "us-east-1a"],
            ],
        );
    });
});
