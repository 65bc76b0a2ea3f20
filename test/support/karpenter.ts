import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Karpenter, type KarpenterArgs } from "../../infra/platform/karpenter/karpenter.ts";
import type { Plan, PlannedResource } from "../../ops/plan/model.ts";
import { record } from "../../ops/plan/record.ts";

const nodes: KarpenterArgs["nodes"] = {
    capacityTypes: ["on-demand", "spot"],
    instanceTypes: ["m6i.large", "m6i.xlarge"],
    amiAlias: "al2023@v20260923",
    volumeGiB: 40,
    limits: { cpu: "32", memory: "128Gi" },
    expireAfter: "336h",
    consolidateAfter: "1m",
    budgets: [
        { nodes: "1" },
        { nodes: "0", reasons: ["Drifted"], schedule: "0 8 * * mon-fri", duration: "10h" },
    ],
    terminationGracePeriod: "15m",
};

/** Stands for what exists before Karpenter. */
export class Earlier extends pulumi.CustomResource {
    constructor(name: string) {
        super("test:index:Earlier", name, {});
    }
}

/** The plan of Karpenter in the cluster `blue`, after a cluster and routes. */
export function karpenterPlan(
    change: Omit<Partial<KarpenterArgs>, "nodes"> & { nodes?: Partial<KarpenterArgs["nodes"]> } = {},
    before: () => unknown = () => undefined,
): Promise<Plan> {
    return record("spywatcher", "test", () => {
        before();
        const provider = new k8s.Provider("kubernetes", { clusterIdentifier: "blue" });
        const cluster = new Earlier("cluster").urn.apply(() => "blue");
        new Karpenter(
            "karpenter",
            {
                account: { accountId: "123456789012", region: "eu-west-1" },
                clusterName: "blue",
                cluster,
                securityGroupId: "sg-0a",
                subnetIds: ["subnet-0a", "subnet-0b"],
                replicas: 2,
                systemNodeSelector: { "spywatcher/role": "system" },
                tags: { environment: "dev" },
                startAfter: Promise.resolve([new Earlier("routes")]),
                ...change,
                nodes: { ...nodes, ...change.nodes },
            },
            { providers: [provider] },
        );
    });
}

/** The resources of a Pulumi type. */
export function ofType(plan: Plan, type: string): PlannedResource[] {
    return plan.resources.filter((each) => each.type === type);
}

/** The one resource of a type and, if given, name. Fails when there is none or more than one. */
export function one(plan: Plan, type: string, name?: string): PlannedResource {
    const [only, ...others] = ofType(plan, type).filter((each) => name === undefined || each.name === name);
    if (only === undefined || others.length > 0) throw new Error(`not one ${type} ${name ?? ""}`);
    return only;
}
