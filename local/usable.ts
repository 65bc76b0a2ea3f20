import type { ApiClient } from "./api.ts";
import type { Manifest } from "./bootstrap.ts";
import { servedResources } from "./crds.ts";
import { waitFor } from "./wait.ts";

export interface UsableArgs {
    /** Number of nodes that must be ready. */
    readonly nodes: number;
    /** CustomResourceDefinitions that must be served. */
    readonly definitions: readonly Manifest[];
    /** Folder of the components' logs, for the message of a failure. */
    readonly logs: string;
    readonly signal: AbortSignal | undefined;
    /** Called before each look; what it throws ends the wait. */
    readonly guard: () => Promise<void>;
}

/** Waits for what a program or a test may rely on as soon as the start has ended. */
export async function untilUsable(
    api: ApiClient,
    { nodes, definitions, logs, signal, guard }: UsableArgs,
): Promise<void> {
    const until = (what: string, check: () => Promise<boolean>): Promise<true> =>
        waitFor(async () => ((await check()) ? true : undefined), {
            what,
            seconds: 60,
            signal,
            guard,
            hint: `The logs are in ${logs}.`,
        });
    const served = servedResources(definitions);
    await Promise.all([
        until("a node", async () => {
            const list = (await api.get("/api/v1/nodes")) as ConditionList | undefined;
            const ready = list?.items.filter((item) => hasCondition(item, "Ready")) ?? [];
            return ready.length >= nodes;
        }),
        until("the metrics API", async () =>
            hasCondition(
                await api.get("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io"),
                "Available",
            ),
        ),
        until(
            "the controller manager",
            async () => (await api.get("/api/v1/namespaces/default/serviceaccounts/default")) !== undefined,
        ),
        ...served.map(({ path, names }) =>
            until(`the API ${path}`, async () => {
                const list = (await api.get(path)) as ResourceList | undefined;
                const found = new Set(list?.resources.map(({ name }) => name));
                return names.every((name) => found.has(name));
            }),
        ),
    ]);
}

interface ResourceList {
    readonly resources: readonly { readonly name: string }[];
}

interface Conditioned {
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface ConditionList {
    readonly items: readonly Conditioned[];
}

function hasCondition(object: unknown, type: string): boolean {
    const { status } = (object ?? {}) as Conditioned;
    return (
        status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ??
        false
    );
}
