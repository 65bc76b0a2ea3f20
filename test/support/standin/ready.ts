import { systemNodeSelector } from "../../../infra/cluster/systemNodes.ts";
import type { ApiServer } from "../apiServer.ts";

interface CustomObject {
    metadata: { name: string };
    status?: { conditions?: { type: string; status: string }[] };
}

/** Kinds that a controller says to be ready; none runs beside the stand-ins. */
const collections = ["/apis/karpenter.k8s.aws/v1/ec2nodeclasses", "/apis/karpenter.sh/v1/nodepools"];

async function makeReady(server: ApiServer, collection: string): Promise<void> {
    const { status: code, body } = await server.send("GET", collection);
    if (code !== 200) return;
    for (const { metadata, status } of (body as { items: CustomObject[] }).items) {
        if (status?.conditions?.some(({ type }) => type === "Ready") === true) continue;
        const condition = {
            type: "Ready",
            status: "True",
            reason: "StandIn",
            message: "",
            lastTransitionTime: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
        };
        await server.send(
            "PATCH",
            `${collection}/${metadata.name}/status`,
            { status: { conditions: [condition] } },
            "application/merge-patch+json",
        );
    }
}

/** Says of objects that wait for a controller that they are ready, until the returned function is called. */
export function keepReady(server: ApiServer): () => void {
    let running: Promise<unknown> | undefined;
    const timer = setInterval(() => {
        running ??= Promise.all(collections.map((each) => makeReady(server, each)))
            // The server may be away; what is not ready fails the program's own wait.
            .catch(() => undefined)
            .finally(() => (running = undefined));
    }, 250);
    return () => {
        clearInterval(timer);
    };
}

/** Makes the cluster's nodes members of the system group too, for the pods that only go there. */
export async function labelSystemNodes(server: ApiServer): Promise<void> {
    const { items } = await server.get<{ items: CustomObject[] }>("/api/v1/nodes");
    for (const { metadata } of items) {
        const { status } = await server.send(
            "PATCH",
            `/api/v1/nodes/${metadata.name}`,
            { metadata: { labels: systemNodeSelector } },
            "application/merge-patch+json",
        );
        if (status !== 200) throw new Error(`node ${metadata.name} takes no label: ${status}`);
    }
}
