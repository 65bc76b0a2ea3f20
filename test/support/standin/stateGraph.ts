import { readFileSync } from "node:fs";

import { resourceOf } from "./stepLog.ts";

interface StateResource {
    urn: string;
    parent?: string;
    dependencies?: string[];
    propertyDependencies?: Record<string, string[] | null>;
    /** URN and id. */
    provider?: string;
}

function needs({ parent, dependencies, propertyDependencies, provider }: StateResource): string[] {
    return [
        ...(dependencies ?? []),
        ...Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []),
        ...(parent === undefined ? [] : [parent]),
        ...(provider === undefined ? [] : [provider.split("::").slice(0, -1).join("::")]),
    ];
}

/** Pairs of neighbors in the chains of which the later does not, by the engine's state, depend on the earlier one. */
export function independent(stateFile: string, chains: readonly (readonly string[])[]): string[] {
    const state = JSON.parse(readFileSync(stateFile, "utf8")) as {
        checkpoint: { latest: { resources: StateResource[] } };
    };
    const { resources } = state.checkpoint.latest;
    const byUrn = new Map(resources.map((each) => [each.urn, each]));
    const ancestors = (start: string): Set<string> => {
        const seen = new Set<string>();
        const visit = (urn: string): void => {
            const resource = byUrn.get(urn);
            for (const next of resource ? needs(resource) : []) {
                if (seen.has(next)) continue;
                seen.add(next);
                visit(next);
            }
        };
        visit(start);
        return seen;
    };
    const urnOf = (name: string): string => {
        const found = resources.find(({ urn }) => resourceOf(urn) === name);
        if (!found) throw new Error(`the state has no ${name}`);
        return found.urn;
    };
    return chains.flatMap((chain) =>
        chain.slice(1).flatMap((later, index) => {
            const earlier = chain[index] ?? "";
            return ancestors(urnOf(later)).has(urnOf(earlier)) ? [] : [`${later} without ${earlier}`];
        }),
    );
}
