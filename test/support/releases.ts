import type { Plan, PlannedResource } from "../../ops/plan/model.ts";

const releaseType = "kubernetes:helm.sh/v3:Release";

/** The one Helm release of that name. Fails when there is none. */
export function release(plan: Plan, name: string): PlannedResource {
    const found = plan.resources.find((each) => each.type === releaseType && each.inputs["name"] === name);
    if (!found) throw new Error(`no release is ${name}`);
    return found;
}

/** Names of the Helm releases, sorted. */
export function releaseNames(plan: Plan): string[] {
    return plan.resources
        .filter(({ type }) => type === releaseType)
        .map(({ inputs }) => String(inputs["name"]))
        .sort();
}

/** The values of the one Helm release of that name. */
export function releaseValues(plan: Plan, name: string): any {
    return release(plan, name).inputs["values"];
}
