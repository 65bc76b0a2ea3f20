import type { ApiServer } from "./apiServer.ts";

interface ResourceList {
    resources?: { name: string; verbs: string[] }[];
}
interface ObjectList {
    items: { metadata: { namespace?: string; name: string } }[];
}

/** What comes and goes by itself. */
const ignored = new Set(["events", "leases", "endpoints", "endpointslices", "pods", "controllerrevisions"]);

/** Paths of all objects in a cluster that somebody has made. */
export async function clusterObjects(server: ApiServer): Promise<string[]> {
    const { groups } = await server.get<{ groups: { preferredVersion: { groupVersion: string } }[] }>(
        "/apis",
    );
    const bases = groups
        .map(({ preferredVersion }) => preferredVersion.groupVersion)
        .filter((version) => !version.startsWith("metrics.k8s.io"))
        .map((version) => `/apis/${version}`);
    const found = await Promise.all(
        ["/api/v1", ...bases].map(async (base) => {
            const { resources = [] } = await server.get<ResourceList>(base);
            const kinds = resources.filter(
                ({ name, verbs }) => verbs.includes("list") && !ignored.has(name) && !name.includes("/"),
            );
            const lists = kinds.map(async ({ name }) => {
                const { items } = await server.get<ObjectList>(`${base}/${name}`);
                return items.map(({ metadata }) =>
                    [base, name, metadata.namespace ?? "", metadata.name].join(" "),
                );
            });
            return (await Promise.all(lists)).flat();
        }),
    );
    return found.flat().sort();
}
