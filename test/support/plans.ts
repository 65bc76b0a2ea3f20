import { dirname } from "node:path";

import type { Plan, PlannedResource } from "../../ops/plan/model.ts";
import { record, type RecordOptions } from "../../ops/plan/record.ts";
import { environment } from "../../stacks/environment.ts";
import { parseConfig } from "../../stacks/parseConfig.ts";
import { readStackFile } from "../../ops/stackFile.ts";
import type { Config, ConfigInput } from "../../stacks/schema/index.ts";

export const projectFolder = dirname(dirname(import.meta.dirname));

export const stacks = ["local", "dev", "prod"] as const;

export type DeepPartial<T> = T extends readonly unknown[]
    ? T
    : T extends object
      ? { [K in keyof T]?: DeepPartial<T[K]> }
      : T;

function merged(base: unknown, change: unknown): unknown {
    if (change === undefined) return base;
    if (
        typeof base !== "object" ||
        typeof change !== "object" ||
        base === null ||
        change === null ||
        Array.isArray(change)
    ) {
        return change;
    }
    // A section of another kind shares no key with the one it replaces.
    if ("kind" in change && "kind" in base && change.kind !== base.kind) return change;
    const result: Record<string, unknown> = { ...base };
    for (const [key, value] of Object.entries(change)) result[key] = merged(result[key], value);
    return result;
}

const stackFiles = new Map<string, Config>();

/** The configuration of a stack file, read once. */
function baseOf(stack: string): Config {
    const config = stackFiles.get(stack) ?? readStackFile(projectFolder, stack).config;
    stackFiles.set(stack, config);
    return config;
}

/** The configuration of a stack file with some keys changed. */
export function configOf(stack: string, change: DeepPartial<ConfigInput> = {}): Config {
    return parseConfig(merged(baseOf(stack), change) as Record<string, unknown>);
}

const plans = new Map<string, Promise<Plan>>();

/** The plan of a stack with some keys changed. Made once for each change. */
export async function planOf(
    stack: string,
    change: DeepPartial<ConfigInput> = {},
    options: RecordOptions = {},
): Promise<Plan> {
    const key = JSON.stringify([stack, change, options]);
    // One recording at a time: each waits for the one before.
    const earlier = [...plans.values()].at(-1);
    const made =
        plans.get(key) ??
        (async () => {
            await earlier?.catch(() => undefined);
            const config = configOf(stack, change);
            return record("spywatcher", stack, () => environment(config, "kubeconfig"), options);
        })();
    plans.set(key, made);
    return made;
}

interface Metadata {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
}

/** A Kubernetes object as the program registers it. */
export interface KubernetesInputs {
    apiVersion: string;
    kind: string;
    metadata: Metadata;
    spec?: any;
    data?: Record<string, string>;
    stringData?: Record<string, string>;
}

/** The one resource of a Kubernetes kind and name. Fails when there is none or more than one. */
export function resource(plan: Plan, kind: string, name: string): PlannedResource {
    const found = plan.resources.filter(
        ({ inputs }) =>
            inputs["kind"] === kind && (inputs["metadata"] as Metadata | undefined)?.name === name,
    );
    const [only] = found;
    if (only === undefined || found.length > 1)
        throw new Error(`${found.length} resources are ${kind} ${name}`);
    return only;
}

/** The inputs of the one Kubernetes object of a kind and name. */
export function object(plan: Plan, kind: string, name: string): KubernetesInputs {
    return resource(plan, kind, name).inputs as unknown as KubernetesInputs;
}

/** The inputs of all Kubernetes objects of a kind. */
export function objects(plan: Plan, kind: string): KubernetesInputs[] {
    return plan.resources
        .filter(({ inputs }) => inputs["kind"] === kind)
        .map(({ inputs }) => inputs as unknown as KubernetesInputs);
}

/** Every resource that must exist before this one, by explicit, implicit and parents' dependencies. */
export function ancestors(plan: Plan, start: PlannedResource): Set<string> {
    const byUrn = new Map(plan.resources.map((each) => [each.urn, each]));
    const seen = new Set<string>();
    const visit = (each: PlannedResource): void => {
        for (const urn of [...each.dependsOn, ...(each.provider === null ? [] : [each.provider])]) {
            if (seen.has(urn)) continue;
            seen.add(urn);
            const next = byUrn.get(urn);
            if (next) visit(next);
        }
    };
    visit(start);
    return seen;
}
