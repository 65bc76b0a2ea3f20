import { ofType, textAt } from "../plan/facts.ts";
import type { Plan } from "../plan/model.ts";
import { chartId, controlPlane, nodeAgents, pools, systemNodes } from "./cluster.ts";
import { existingStores, managedStores, storesInCluster } from "./data.ts";
import { type Architecture, type Arrow, type Box, boxesOf, type Frame, frame } from "./model.ts";
import { endpoints, loadBalancer, natGateways, subnets, webAcls } from "./network.ts";
import { support } from "./support.ts";
import { workloadArrows, workloads } from "./workloads.ts";

const users: Box = { id: "users", kind: "outside", title: "Users", lines: ["browsers"] };
const discord: Box = { id: "discord", kind: "outside", title: "Discord", lines: ["API and gateway"] };

function workloadFrame(plan: Plan): Frame {
    const [namespace] = ofType(plan, "kubernetes:core/v1:Namespace");
    const inNamespace = frame(
        "namespace",
        `Namespace ${textAt(namespace?.inputs, "metadata", "name") ?? ""}`,
        {
            boxes: [...workloads(plan), ...storesInCluster(plan)],
        },
    );
    return pools(plan).length === 0
        ? inNamespace
        : frame("workload-nodes", "Nodes that Karpenter makes", { frames: [inNamespace] });
}

/** Everything inside the VPC, or the same frames without one when the network exists already. */
function inside(plan: Plan): Frame[] {
    const net = subnets(plan);
    const front = { boxes: [...loadBalancer(plan), ...natGateways(plan)] };
    const nodes = {
        boxes: [...pools(plan), ...nodeAgents(plan), ...endpoints(plan)],
        frames: [systemNodes(plan), workloadFrame(plan)],
    };
    const stores = { boxes: managedStores(plan) };
    if (!net) {
        const cluster = `Existing cluster ${textAt(plan.outputs, "clusterName") ?? ""}`.trim();
        return [
            frame("front", "Load balancing", front),
            frame("nodes", cluster, nodes),
            frame("stores", "Data", stores),
        ];
    }
    return [
        frame("vpc", net.vpc, {
            frames: [
                frame("public", net.public, front),
                frame("private", net.private, nodes),
                frame("database", net.isolated, stores),
            ],
        }),
    ];
}

function controlArrows(plan: Plan): Arrow[] {
    const control = (from: string, to: string, label: string): Arrow => ({
        from,
        to,
        label,
        kind: "control",
    });
    const acl = webAcls(plan).length > 0;
    return [
        ...(acl
            ? [
                  { from: "users", to: "web-acl", label: "HTTPS", kind: "traffic" as const },
                  { from: "web-acl", to: "load-balancer", label: "", kind: "traffic" as const },
              ]
            : [{ from: "users", to: "load-balancer", label: "HTTPS", kind: "traffic" as const }]),
        control(chartId("karpenter"), "node-pools", "makes and ends nodes"),
        control(chartId("aws-load-balancer-controller"), "load-balancer", "makes, adds pods"),
        control("queue", chartId("karpenter"), "interruptions"),
        control("keys", "control-plane", "encrypts Secrets"),
        control("control-plane", "logs", "logs"),
    ];
}

/** What a plan puts into the account, grouped as the picture shows it. Layers the plan does not have are left out. */
export function describeArchitecture(plan: Plan): Architecture {
    const [provider] = ofType(plan, "pulumi:providers:aws");
    const region = textAt(provider?.inputs, "region");
    const boxes = [...webAcls(plan), ...controlPlane(plan), ...support(plan)];
    const frames = inside(plan);
    const root = frame("root", "", {
        boxes: [users, discord, ...existingStores(plan), ...(region === undefined ? boxes : [])],
        frames: region === undefined ? frames : [frame("aws", `AWS ${region}`, { boxes, frames })],
    });
    const arrows = new Map(
        [...workloadArrows(plan), ...controlArrows(plan)].map((each) => [`${each.from} ${each.to}`, each]),
    );
    const controllers = boxesOf(systemNodes(plan)).map(({ id }) => id);
    const columns = [
        ["load-balancer", ...controllers, "node-pools", "agents", "endpoints", "redis"],
        ["endpoints", "postgres"],
        ["discord", "keys", "control-plane", "logs", "queue"],
    ];
    return { root, arrows: [...arrows.values()], columns };
}
