import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import type { ApiClient } from "./api.ts";
import type { Manifest } from "./bootstrap.ts";
import type { BuildHooks } from "./build.ts";
import { LocalClusterError, errorCode } from "./errors.ts";
import { moduleFolder, requireGo } from "./go.ts";
import { withLock } from "./lock.ts";
import { cacheFolder } from "./paths.ts";

/** A folder of CustomResourceDefinitions in a Go module that `tools/crds/go.mod` pins. */
export interface CrdSource {
    readonly name: string;
    readonly module: string;
    /** Folder in the module whose YAML files hold the definitions. */
    readonly path: string;
}

/** The definitions that every embedded cluster has. */
export const crdSources: readonly CrdSource[] = [
    {
        name: "prometheus-operator",
        module: "github.com/prometheus-operator/prometheus-operator",
        path: "example/prometheus-operator-crd",
    },
    {
        // Also holds the definitions of sigs.k8s.io/karpenter, with the rules that the AWS provider adds.
        name: "karpenter",
        module: "github.com/aws/karpenter-provider-aws",
        path: "pkg/apis/crds",
    },
];

const toolsFolder = join(import.meta.dirname, "tools", "crds");

/** The CustomResourceDefinitions of all sources; downloaded once, then read from the cache. */
export async function customResourceDefinitions(hooks: BuildHooks = {}): Promise<Manifest[]> {
    const goMod = await readFile(join(toolsFolder, "go.mod"), "utf8");
    const definitions = await Promise.all(crdSources.map((source) => fromCache(source, goMod, hooks)));
    return definitions.flat();
}

async function fromCache(source: CrdSource, goMod: string, hooks: BuildHooks): Promise<Manifest[]> {
    const version = new RegExp(`${source.module.replaceAll(".", "\\.")} (v\\S+)`).exec(goMod)?.[1];
    if (version === undefined) {
        throw new LocalClusterError(`${join(toolsFolder, "go.mod")} does not require ${source.module}.`);
    }
    const folder = join(hooks.cache ?? cacheFolder(), "crds");
    const cached = join(folder, `${source.name}-${version}-plain.json`);
    const read = async (): Promise<Manifest[] | undefined> => {
        try {
            return JSON.parse(await readFile(cached, "utf8")) as Manifest[];
        } catch (error) {
            if (errorCode(error) === "ENOENT") {
                return undefined;
            }
            throw error;
        }
    };
    return (
        (await read()) ??
        withLock(`${cached}.lock`, { signal: hooks.signal }, async () => {
            const definitions = (await read()) ?? (await download(source, hooks));
            await mkdir(folder, { recursive: true });
            // JSON, because parsing megabytes of YAML takes longer than starting the API server.
            await writeFile(`${cached}.new`, JSON.stringify(definitions));
            await rename(`${cached}.new`, cached);
            return definitions;
        })
    );
}

async function download(source: CrdSource, hooks: BuildHooks): Promise<Manifest[]> {
    const run = { environment: hooks.environment ?? process.env, signal: hooks.signal };
    await requireGo(toolsFolder, run);
    const folder = join(await moduleFolder(source.module, toolsFolder, run), source.path);
    const files = (await readdir(folder)).filter((file) => /\.ya?ml$/.test(file)).sort();
    const definitions: Manifest[] = [];
    for (const file of files) {
        for (const document of parseAllDocuments(await readFile(join(folder, file), "utf8"))) {
            const manifest = document.toJS() as Manifest | null;
            if (manifest?.kind === "CustomResourceDefinition") {
                definitions.push(withoutDescriptions(manifest) as Manifest);
            }
        }
    }
    return definitions;
}

/**
 * The same without the descriptions of fields, three quarters of a definition, which the API server would otherwise
 * parse and write again and again for seconds. A field that is called "description" has a schema, not a text.
 */
function withoutDescriptions(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(withoutDescriptions);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    return Object.fromEntries(
        Object.entries(value)
            .filter(([key, inner]) => key !== "description" || typeof inner !== "string")
            .map(([key, inner]) => [key, withoutDescriptions(inner)]),
    );
}

const digestAnnotation = "spywatcher.local/digest";

/**
 * Those definitions that the cluster does not have just so, with a digest to know them by next time: to apply
 * all of them takes seconds, even when nothing changes.
 */
export async function changedDefinitions(
    api: ApiClient,
    definitions: readonly Manifest[],
): Promise<Manifest[]> {
    const list = (await api.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", metadataOnly)) as
        { readonly items: readonly Pick<Manifest, "metadata">[] | null } | undefined;
    const present = new Map(
        list?.items?.map(({ metadata }) => [metadata.name, metadata.annotations?.[digestAnnotation]]),
    );
    return definitions
        .map((definition) => ({ definition, digest: digestOf(definition) }))
        .filter(({ definition, digest }) => present.get(definition.metadata.name) !== digest)
        .map(({ definition, digest }) => ({
            ...definition,
            metadata: {
                ...definition.metadata,
                annotations: { ...definition.metadata.annotations, [digestAnnotation]: digest },
            },
        }));
}

const metadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

function digestOf(definition: Manifest): string {
    return createHash("sha256").update(JSON.stringify(definition)).digest("hex").slice(0, 16);
}

/** The API paths at which definitions are served once they are established, with the resources to expect there. */
export function servedResources(definitions: readonly Manifest[]): { path: string; names: string[] }[] {
    const byPath = new Map<string, string[]>();
    for (const { spec } of definitions) {
        const { group, names, versions } = spec as DefinitionSpec;
        for (const version of versions.filter(({ served }) => served)) {
            const path = `/apis/${group}/${version.name}`;
            byPath.set(path, [...(byPath.get(path) ?? []), names.plural]);
        }
    }
    return [...byPath].map(([path, names]) => ({ path, names }));
}

interface DefinitionSpec {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
}
