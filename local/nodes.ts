import type { ApiClient } from "./api.ts";
import type { Manifest } from "./bootstrap.ts";
import { nodeResources } from "../infra/cluster/instanceTypes.ts";
import type { ClusterSettings } from "./options.ts";

/** Label on every node that this package made, to tell those of an earlier start. */
export const nodeLabel = "spywatcher.local/node";

/** The node objects of the cluster, spread over the zones in turn, whose kubelets are kwok on `kubeletPort`. */
export function nodes(settings: ClusterSettings, kubeletPort: number): Manifest[] {
    return Array.from({ length: settings.nodes }, (_, index) => node(index, settings, kubeletPort));
}

function node(
    index: number,
    { zones, region, instanceType }: ClusterSettings,
    kubeletPort: number,
): Manifest {
    const zone = zones[index % zones.length] ?? region;
    const name = `node-${index + 1}-${zone}`;
    const architecture = "amd64";
    return {
        apiVersion: "v1",
        kind: "Node",
        metadata: {
            name,
            labels: {
                [nodeLabel]: "simulated",
                "kubernetes.io/hostname": name,
                "kubernetes.io/arch": architecture,
                "kubernetes.io/os": "linux",
                "node.kubernetes.io/instance-type": instanceType,
                "topology.kubernetes.io/region": region,
                "topology.kubernetes.io/zone": zone,
            },
            annotations: {
                "metrics.k8s.io/resource-metrics-path": `/metrics/nodes/${name}/metrics/resource`,
            },
        },
        spec: { providerID: `spywatcher:///${zone}/${name}` },
        status: {
            ...nodeResources(instanceType),
            // Said here as well as by kwok, which repeats it minutes after a start on another port only.
            daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
        },
    };
}

/** Applies the nodes and their status, and removes those of an earlier start that are no longer wanted. */
export async function applyNodes(
    api: ApiClient,
    wanted: readonly Manifest[],
    signal?: AbortSignal,
): Promise<void> {
    await Promise.all(
        wanted.map(async ({ status, ...node }) => {
            await api.apply(node, { signal });
            const { apiVersion, kind, metadata } = node;
            const bare = { apiVersion, kind, metadata: { name: metadata.name }, status };
            await api.apply(bare, { signal, subresource: "status" });
        }),
    );
    const list = (await api.get(`/api/v1/nodes?labelSelector=${nodeLabel}`)) as
        { items: Manifest[] } | undefined;
    const names = new Set(wanted.map(({ metadata }) => metadata.name));
    for (const { metadata } of list?.items ?? []) {
        if (!names.has(metadata.name)) {
            await api.delete(`/api/v1/nodes/${metadata.name}`);
        }
    }
}
