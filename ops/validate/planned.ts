import { kubernetesObjects } from "../plan/format.ts";
import { type Plan, unknownText } from "../plan/model.ts";
import { type Kind, kinds, type Runner } from "./kinds.ts";

/** A Kubernetes object of the plan. */
export interface PlannedObject {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
}

/** Ends the name of what is named after its content (`contentName`). */
const contentHash = /-[0-9a-f]{10}$/;

/** Every text that is one of `names` becomes unknown. */
function withUnknown(value: unknown, names: ReadonlySet<string>): unknown {
    if (typeof value === "string") return names.has(value) ? unknownText : value;
    if (Array.isArray(value)) return value.map((each) => withUnknown(each, names));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withUnknown(each, names)]));
}

/** The Kubernetes objects that should be there. */
export class Planned {
    readonly objects: readonly PlannedObject[];
    readonly namespace: string;

    constructor(objects: readonly PlannedObject[], namespace: string) {
        this.objects = objects;
        this.namespace = namespace;
    }

    /** The planned objects of a kind, in the application's namespace if the kind has one. */
    of<T>({ apiVersion, kind, scope }: Kind<T>): T[] {
        return this.objects.filter(
            (each) =>
                each.apiVersion === apiVersion &&
                each.kind === kind &&
                (scope === "cluster" || each.metadata.namespace === this.namespace),
        ) as T[];
    }

    /** What runs pods in the application's namespace. */
    runners(): Runner[] {
        return [...this.of(kinds.deployments), ...this.of(kinds.statefulSets)];
    }
}

/**
 * The Kubernetes objects of a plan. Where placeholders stood in for secrets, the names that follow a secret's content are
 * unknown, in whatever names them.
 */
export function plannedObjects(plan: Plan, namespace: string, secretsKnown: boolean): Planned {
    const objects: PlannedObject[] = kubernetesObjects(plan);
    if (secretsKnown) return new Planned(objects, namespace);
    const names = new Set(
        objects
            .filter(({ kind, metadata }) => /^(Secret|Job)$/.test(kind) && contentHash.test(metadata.name))
            .map(({ metadata }) => metadata.name),
    );
    return new Planned(
        objects.map((object) => withUnknown(object, names) as PlannedObject),
        namespace,
    );
}
