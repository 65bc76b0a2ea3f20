import type { Plan } from "../plan/model.ts";
import { dependencyGraph, inOrder } from "./dependencyGraph.ts";
import { type LowerBound, lowerBound } from "./lowerBound.ts";
import { typicalSeconds } from "./typicalSeconds.ts";

/** One resource on the longest chain. */
export interface Step {
    readonly urn: string;
    readonly name: string;
    readonly type: string;
    /** Seconds after the begin at which its creation starts. */
    readonly start: number;
    /** Seconds its creation takes. */
    readonly seconds: number;
}

/** Highest ratio of the longest chain to the lower bound: what may be lost to serial waits. */
export const goalRatio = 1.1;

/** How long a first `up` takes at least by the plan's order, and how long any order would take. */
export interface CriticalPath {
    /** Seconds of the longest chain. */
    readonly totalSeconds: number;
    /** The longest chain in order, without what takes no time. */
    readonly chain: Step[];
    readonly lowerBound: LowerBound;
    /** `totalSeconds` to the lower bound; 1 when both are 0. */
    readonly ratio: number;
    /** Steps of the longest chain that the lower bound does without, longest first: where to look for what serialises. */
    readonly beyondBound: Step[];
}

/** The chain of resources that take longest one after the other. Throws when resources wait for each other. */
export function longestChain(plan: Plan): Step[] {
    const byUrn = new Map(plan.resources.map((each) => [each.urn, each]));
    const graph = dependencyGraph(plan);
    const ends = new Map<string, number>();
    const steps = new Map<string, Step & { after: string | undefined }>();
    const endOf = (urn: string): number => ends.get(urn) ?? 0;
    // Of several that end at the same time the first by URN, so that the answer does not hang on the order of registration.
    const lastOf = (urns: string[]): string | undefined =>
        urns
            .toSorted()
            .reduce<string | undefined>(
                (last, urn) => (last === undefined || endOf(urn) > endOf(last) ? urn : last),
                undefined,
            );
    for (const urn of inOrder(graph, (each) => byUrn.get(each)?.name ?? each)) {
        const resource = byUrn.get(urn);
        if (!resource) continue;
        const after = lastOf(graph.predecessors(urn) ?? []);
        const start = after === undefined ? 0 : endOf(after);
        const seconds = typicalSeconds(resource);
        ends.set(urn, start + seconds);
        steps.set(urn, { urn, name: resource.name, type: resource.type, start, seconds, after });
    }
    const chain: Step[] = [];
    let current = lastOf([...steps.keys()]);
    while (current !== undefined) {
        const step = steps.get(current);
        if (!step) break;
        const { after, ...rest } = step;
        if (rest.seconds > 0) chain.unshift(rest);
        current = after;
    }
    return chain;
}

/** The longest chain of a plan beside its lower bound. */
export function criticalPath(plan: Plan): CriticalPath {
    const chain = longestChain(plan);
    const last = chain.at(-1);
    const totalSeconds = last === undefined ? 0 : last.start + last.seconds;
    const bound = lowerBound(plan);
    const needed = new Set(bound.stages.map(({ urn }) => urn));
    return {
        totalSeconds,
        chain,
        lowerBound: bound,
        ratio: bound.seconds === 0 ? 1 : totalSeconds / bound.seconds,
        beyondBound: chain
            .filter(({ urn }) => !needed.has(urn))
            .toSorted((left, right) => right.seconds - left.seconds),
    };
}
