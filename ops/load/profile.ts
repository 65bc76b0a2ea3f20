/** A stretch of a load profile; its rate changes linearly from `from` to `to`. */
export interface Phase {
    readonly name: string;
    readonly seconds: number;
    /** Requests per second at its beginning. */
    readonly from: number;
    /** Requests per second at its end. */
    readonly to: number;
    /** Most connections that are open at a time. */
    readonly connections: number;
}

/** How load changes over time. */
export type Profile = readonly Phase[];

export const profileNames = ["constant", "warm-up", "ramp", "spike"] as const;
export type ProfileName = (typeof profileNames)[number];

/** What a profile is made of; `spike` has its own. */
export interface ProfileArgs {
    /** Requests per second that are reached. */
    readonly rate: number;
    /** Length of the whole profile in seconds. */
    readonly seconds: number;
    readonly connections: number;
}

/** A phase of one rate. */
export function steady(name: string, seconds: number, rate: number, connections: number): Phase {
    return { name, seconds, from: rate, to: rate, connections };
}

/** The former load-test script's phases: more and more, the peak, then nothing, with pauses between. */
const spike: Profile = [
    steady("warm-up", 30, 20, 10),
    steady("pause", 10, 0, 10),
    steady("increase", 60, 50, 30),
    steady("pause", 10, 0, 30),
    steady("peak", 120, 200, 100),
    steady("pause", 10, 0, 100),
    steady("cool-down", 60, 0, 100),
];

/**
 * - `constant`: the rate from the first second on
 * - `warm-up`: a fifth of the time, at most a minute, up to the rate; then constant
 * - `ramp`: from nothing to the rate in the whole time
 * - `spike`: 20, 50 and 200 requests per second for 30, 60 and 120 s, whatever the arguments say
 */
export function profile(name: ProfileName, { rate, seconds, connections }: ProfileArgs): Profile {
    switch (name) {
        case "constant":
            return [steady("load", seconds, rate, connections)];
        case "warm-up": {
            const warmUp = Math.min(60, seconds / 5);
            return [
                { name: "warm-up", seconds: warmUp, from: 0, to: rate, connections },
                steady("load", seconds - warmUp, rate, connections),
            ];
        }
        case "ramp":
            return [{ name: "ramp", seconds, from: 0, to: rate, connections }];
        case "spike":
            return spike;
    }
}

/** Length in seconds. */
export function duration(phases: Profile): number {
    return phases.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** The phase at a time and how far it has come, or undefined after the end. */
function phaseAt(phases: Profile, second: number): { phase: Phase; into: number } | undefined {
    let begin = 0;
    for (const phase of phases) {
        if (second < begin + phase.seconds) return { phase, into: second - begin };
        begin += phase.seconds;
    }
    return undefined;
}

/** Requests per second at a time; 0 after the end. */
export function rateAt(phases: Profile, second: number): number {
    const found = phaseAt(phases, second);
    if (!found) return 0;
    const { phase, into } = found;
    return phase.from + ((phase.to - phase.from) * into) / phase.seconds;
}

/** Requests that are to start from one second until before another: the rate's integral. */
export function requestsBetween(phases: Profile, from: number, to: number): number {
    let begin = 0;
    let sum = 0;
    for (const phase of phases) {
        const [first, last] = [Math.max(from, begin), Math.min(to, begin + phase.seconds)];
        // The rate is linear: its mean is that of the middle.
        if (last > first) sum += (last - first) * rateAt(phases, (first + last) / 2);
        begin += phase.seconds;
    }
    return sum;
}

/** Most connections that are open at a time; after the end those of the last phase. */
export function connectionsAt(phases: Profile, second: number): number {
    return (phaseAt(phases, second)?.phase ?? phases.at(-1))?.connections ?? 0;
}

/** A request that is to start. */
export interface Arrival {
    /** Seconds from the beginning. */
    readonly second: number;
    /** Most connections that are open at a time. */
    readonly connections: number;
}

/** Seconds into a phase at which its request number `index` starts: as many as the rate's integral until then. */
function offset({ from, to, seconds }: Phase, index: number): number {
    const slope = (to - from) / seconds;
    return slope === 0 ? index / from : (Math.sqrt(from * from + 2 * slope * index) - from) / slope;
}

/** When each request starts, evenly spaced at the profile's rate. */
export function* arrivals(phases: Profile): Generator<Arrival, void> {
    let begin = 0;
    for (const phase of phases) {
        const count = Math.round((phase.seconds * (phase.from + phase.to)) / 2);
        for (let index = 0; index < count; index++) {
            yield { second: begin + offset(phase, index), connections: phase.connections };
        }
        begin += phase.seconds;
    }
}
