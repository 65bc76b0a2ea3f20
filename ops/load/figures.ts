import { duration, type Profile } from "./profile.ts";
import type { Run, Sample } from "./run.ts";

/** The load rose at once; how long it took until enough pods were ready. */
export interface Rise {
    /** When, in seconds from the beginning. */
    second: number;
    from: number;
    to: number;
    /** Pods that were ready before, and that the HPA came to want before the load changed again. */
    podsBefore: number;
    pods: number;
    /** Seconds until that many were ready; null when that did not happen in time. */
    seconds: number | null;
}

/** What a run comes down to. */
export interface Figures {
    /** Rises after which pods were added. */
    rises: Rise[];
    fewestReady: number;
    mostReady: number;
    /** Seconds from the last fall of the load until the fewest pods run; null when that was not seen. */
    secondsToFloor: number | null;
    /** How often the HPA changed the number of pods. */
    scalings: number;
    sent: number;
    answered: number;
    failed: number;
    /** Failed requests as a share of those that have ended. */
    errorShare: number;
    p50: number | null;
    p95: number | null;
    p99: number | null;
    /** True when the HPA ended up at its maximum with more CPU use than its target tolerates. */
    outOfPods: boolean;
    /** The longest time with more CPU use than the target tolerates in which the HPA, below its maximum, changed nothing. */
    secondsIgnored: number;
    /** The longest time in which the HPA did not know a metric it has a target for, or could not be read. */
    secondsUnknown: number;
    /** The longest time from when the HPA wanted a number of pods until as many were ready, or it wanted fewer. */
    secondsWanting: number;
}

/** The HPA's tolerance: up to this many times its target it does nothing (kube-controller-manager's default). */
export const tolerance = 1.1;

interface Change {
    second: number;
    from: number;
    to: number;
}

/** Seconds at which the rate jumps, the beginning included; slopes are none. */
function changes(profile: Profile): Change[] {
    const found: Change[] = [];
    let second = 0;
    let rate = 0;
    for (const phase of profile) {
        if (phase.from !== rate) found.push({ second, from: rate, to: phase.from });
        second += phase.seconds;
        rate = phase.to;
    }
    if (rate > 0) found.push({ second, from: rate, to: 0 });
    return found;
}

function most(values: readonly (number | null)[]): number {
    return Math.max(0, ...values.map((value) => value ?? 0));
}

function rise(change: Change, until: number, samples: readonly Sample[]): Rise {
    const stretch = samples.filter(({ second }) => second >= change.second && second < until);
    const pods = most(stretch.map(({ desired }) => desired));
    const reached = stretch.find(({ ready }) => (ready ?? 0) >= pods);
    return {
        ...change,
        podsBefore: samples.find(({ second }) => second >= change.second)?.ready ?? 0,
        pods,
        seconds: reached ? reached.second + 1 - change.second : null,
    };
}

/** Samples in the longest row in which `goesOn` says so of each and the first of the row. */
function longestRow(samples: readonly Sample[], goesOn: (sample: Sample, first: Sample) => boolean): number {
    let longest = 0;
    let first: Sample | undefined;
    let length = 0;
    for (const sample of samples) {
        if (!first || !goesOn(sample, first)) {
            first = sample;
            length = 0;
        }
        if (goesOn(sample, first)) length++;
        longest = Math.max(longest, length);
    }
    return longest;
}

function secondsIgnored({ samples, workload }: Run): number {
    const { cpuTarget, maxReplicas } = workload;
    if (cpuTarget === null) return 0;
    return longestRow(
        samples,
        ({ cpu, desired }, first) =>
            (cpu ?? 0) > cpuTarget * tolerance &&
            desired !== null &&
            desired < maxReplicas &&
            desired === first.desired,
    );
}

function secondsUnknown({ samples, workload: { cpuTarget, memoryTarget } }: Run): number {
    return longestRow(
        samples,
        ({ cpu, memory, desired }) =>
            desired === null ||
            (cpuTarget !== null && cpu === null) ||
            (memoryTarget !== null && memory === null),
    );
}

function secondsWanting(samples: readonly Sample[]): number {
    const waits = samples.map(({ desired }, index) => {
        if (desired === null || desired === samples[index - 1]?.desired) return 0;
        const later = samples.slice(index);
        const end = later.findIndex(
            (each) => (each.ready ?? 0) >= desired || (each.desired !== null && each.desired < desired),
        );
        return end < 0 ? later.length : end;
    });
    return Math.max(0, ...waits);
}

function secondsToFloor({ profile, samples, workload }: Run): number | null {
    const end = samples.at(-1)?.second ?? 0;
    const fall = changes(profile).findLast(({ second, from, to }) => to < from && second <= end);
    if (!fall) return null;
    const after = samples.filter(({ second }) => second >= fall.second);
    // Pods may still be added just after the fall.
    const above = after.findLastIndex(({ ready }) => (ready ?? Infinity) > workload.minReplicas);
    const floor = after[above + 1];
    return above < 0 || !floor ? null : floor.second - fall.second;
}

/** The figures of a run. */
export function figures(run: Run): Figures {
    const { samples, profile, workload } = run;
    const jumps = changes(profile);
    const rises = jumps.flatMap((change, index) =>
        change.to > change.from ? [rise(change, jumps[index + 1]?.second ?? duration(profile), samples)] : [],
    );
    const sum = (pick: (sample: Sample) => number): number =>
        samples.reduce((total, sample) => total + pick(sample), 0);
    const answered = sum((sample) => sample.answered);
    const failed = sum((sample) => sample.errors);
    const known = samples.map(({ ready }) => ready).filter((ready) => ready !== null);
    const lastLoaded = samples.filter(({ intended }) => intended > 0).at(-1);
    return {
        rises: rises.filter(({ pods, podsBefore }) => pods > podsBefore),
        fewestReady: known.length === 0 ? 0 : Math.min(...known),
        mostReady: most(known),
        secondsToFloor: secondsToFloor(run),
        scalings: run.events.length,
        sent: sum((sample) => sample.started),
        answered,
        failed,
        errorShare: answered + failed === 0 ? 0 : failed / (answered + failed),
        ...run.latency,
        outOfPods:
            lastLoaded?.desired === workload.maxReplicas &&
            (lastLoaded.cpu ?? 0) > (workload.cpuTarget ?? Infinity) * tolerance,
        secondsIgnored: secondsIgnored(run),
        secondsUnknown: secondsUnknown(run),
        secondsWanting: secondsWanting(samples),
    };
}
