import { isWithin } from "../changes/paths.ts";
import { awsReplacements } from "./aws.ts";
import { kubernetesReplacements } from "./kubernetes.ts";
import type { Replacements } from "./model.ts";

/** Why resources of a type are replaced; undefined for a type nobody looked up. */
export function replacementsOf(type: string): Replacements | undefined {
    return kubernetesReplacements[type] ?? awsReplacements[type];
}

/** True when a change of the property at `path` replaces a resource of this type. */
export function forcesReplacement(type: string, path: string): boolean {
    return replacementsOf(type)?.properties.some((property) => isWithin(path, property)) ?? false;
}
