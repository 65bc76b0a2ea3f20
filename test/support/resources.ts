import type { Plan, PlannedResource } from "../../ops/plan/model.ts";
import { ancestors } from "./plans.ts";

/** The resources of a type, in the order of their names. */
export function ofType(plan: Plan, type: string): PlannedResource[] {
    return plan.resources
        .filter((each) => each.type === type)
        .sort((left, right) => left.name.localeCompare(right.name, "en"));
}

/** The one resource of a type and name. Fails when there is none. */
export function byName(plan: Plan, type: string, name: string): PlannedResource {
    const found = plan.resources.find((each) => each.type === type && each.name === name);
    if (!found) throw new Error(`no resource is ${type} ${name}`);
    return found;
}

/** True when `later` is made after `earlier` has been, and so goes before it. */
export function comesAfter(plan: Plan, later: PlannedResource, earlier: PlannedResource): boolean {
    return ancestors(plan, later).has(earlier.urn);
}
