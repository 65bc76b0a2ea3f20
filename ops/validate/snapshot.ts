import { unknownText } from "../plan/model.ts";
import type { Client } from "./client.ts";
import { type Kind, kinds, type Prometheus, type Runner } from "./kinds.ts";
import type { Planned, PlannedObject } from "./planned.ts";
import { ReadError, type ReadTarget } from "./readError.ts";

interface Named {
    metadata?: { name?: string };
}

/** What was read at one path, or why it was not. */
export type Read = unknown[] | ReadError;

const base = (apiVersion: string): string => (apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`);

/** Path of the list of a kind; undefined namespace for the whole cluster. */
export function listPath(apiVersion: string, resource: string, namespace: string | undefined): string {
    const inside = namespace === undefined ? "" : `/namespaces/${namespace}`;
    return `${base(apiVersion)}${inside}/${resource}`;
}

/** Path of the targets of the Prometheus in a namespace, through the API server's service proxy. */
export function targetsPath(namespace: string): string {
    return `/api/v1/namespaces/${namespace}/services/prometheus-operated:9090/proxy/api/v1/targets?state=active`;
}

/** Kinds that validation does not read. */
export const unreadKinds: ReadonlySet<string> = new Set(["Secret"]);

/** What a cluster holds, read at one time. */
export class Snapshot {
    readonly #reads: ReadonlyMap<string, Read>;
    readonly #plurals: ReadonlyMap<string, string>;
    readonly #namespace: string;
    /** Version of the API server, such as `v1.36.3`. */
    readonly version: string;

    constructor(
        namespace: string,
        version: string,
        reads: ReadonlyMap<string, Read>,
        plurals: ReadonlyMap<string, string>,
    ) {
        this.#namespace = namespace;
        this.version = version;
        this.#reads = reads;
        this.#plurals = plurals;
    }

    /** What was read at a path. Throws the ReadError. */
    at(path: string): unknown[] {
        const read = this.#reads.get(path);
        if (read === undefined) throw new Error(`nobody has read ${path}`);
        if (read instanceof ReadError) throw read;
        return read;
    }

    /** The objects of a kind. Throws the ReadError. */
    list<T>({ apiVersion, resource, scope }: Kind<T>): T[] {
        return this.at(
            listPath(apiVersion, resource, scope === "namespace" ? this.#namespace : undefined),
        ) as T[];
    }

    /** The objects of a kind; none when the cluster does not know the kind. Throws any other ReadError. */
    listIfKnown<T>(kind: Kind<T>): T[] | undefined {
        try {
            return this.list(kind);
        } catch (error) {
            if (error instanceof ReadError && error.reason === "absent") return undefined;
            throw error;
        }
    }

    find<T extends Named>(kind: Kind<T>, name: string | undefined): T | undefined {
        return this.list(kind).find(({ metadata }) => metadata?.name === name);
    }

    /** The live counterpart of what runs pods. */
    runner({ kind, metadata }: Runner): Runner | undefined {
        const list: Runner[] =
            kind === "Deployment" ? this.list(kinds.deployments) : this.list(kinds.statefulSets);
        return list.find((each) => each.metadata?.name === metadata?.name);
    }

    /** The live counterpart of a planned object. Throws the ReadError. */
    counterpart(object: PlannedObject): unknown {
        const plural = this.#plurals.get(`${object.apiVersion} ${object.kind}`);
        if (plural === undefined) return undefined;
        const list = this.at(listPath(object.apiVersion, plural, object.metadata.namespace)) as Named[];
        return list.find(({ metadata }) => metadata?.name === object.metadata.name);
    }
}

interface ResourceList {
    resources: { name: string; kind: string }[];
}

/** Plurals of the planned kinds, by `apiVersion kind`, as the server names them. Kinds it does not know are left out. */
async function discover(client: Client, planned: Planned): Promise<Map<string, string>> {
    const wanted = planned.objects.filter(({ kind }) => !unreadKinds.has(kind));
    const versions = [...new Set(wanted.map(({ apiVersion }) => apiVersion))];
    const lists = await Promise.all(
        versions.map(async (apiVersion) => {
            const target: ReadTarget = { verb: "list", resource: apiVersion, namespace: undefined };
            try {
                const { resources } = (await client.read(base(apiVersion), target)) as ResourceList;
                return resources
                    .filter(({ name }) => !name.includes("/"))
                    .map(({ name, kind }): [string, string] => [`${apiVersion} ${kind}`, name]);
            } catch (error) {
                if (error instanceof ReadError) return [];
                throw error;
            }
        }),
    );
    return new Map(lists.flat());
}

/**
 * Reads everything the checks look at, in parallel. What cannot be read is kept as a ReadError; throws an
 * UnreachableError when the cluster cannot be asked at all.
 */
export async function takeSnapshot(client: Client, planned: Planned): Promise<Snapshot> {
    const target: ReadTarget = { verb: "get", resource: "/version", namespace: undefined };
    const { gitVersion } = (await client.read("/version", target)) as { gitVersion: string };
    const reads = new Map<string, Promise<Read>>();

    const remember = (
        path: string,
        target: ReadTarget,
        items: (body: unknown) => unknown[],
    ): Promise<Read> => {
        const started =
            reads.get(path) ??
            client.read(path, target).then(items, (error: unknown) => {
                if (error instanceof ReadError) return error;
                throw error;
            });
        reads.set(path, started);
        return started;
    };
    const list = (apiVersion: string, plural: string, namespace: string | undefined): Promise<Read> => {
        const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0] ?? ""}` : "";
        return remember(
            listPath(apiVersion, plural, namespace),
            { verb: "list", resource: `${plural}${group}`, namespace },
            (body) => (body as { items: unknown[] }).items,
        );
    };
    const namespaceOf = ({ scope }: Kind<unknown>) => (scope === "namespace" ? planned.namespace : undefined);

    const fixed = Object.values<Kind<unknown>>(kinds).map((kind) =>
        list(kind.apiVersion, kind.resource, namespaceOf(kind)),
    );
    const { apiVersion, resource } = kinds.prometheuses;
    const targets = list(apiVersion, resource, undefined).then((found) =>
        found instanceof ReadError
            ? []
            : Promise.all(
                  (found as Prometheus[]).map(({ metadata: { namespace = "" } }) =>
                      remember(
                          targetsPath(namespace),
                          { verb: "get", resource: "services/proxy", namespace },
                          (body) => (body as { data: { activeTargets: unknown[] } }).data.activeTargets,
                      ),
                  ),
              ),
    );
    const plurals = discover(client, planned);
    const objects = plurals.then((found) =>
        Promise.all(
            planned.objects.map(async ({ apiVersion: version, kind, metadata }) => {
                const plural = found.get(`${version} ${kind}`);
                if (plural !== undefined && metadata.namespace !== unknownText) {
                    await list(version, plural, metadata.namespace);
                }
            }),
        ),
    );
    await Promise.all([...fixed, targets, objects]);
    const done = await Promise.all(
        [...reads].map(async ([path, read]): Promise<[string, Read]> => [path, await read]),
    );
    return new Snapshot(planned.namespace, gitVersion, new Map(done), await plurals);
}
