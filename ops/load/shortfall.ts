import type { LoadSecond } from "./generator.ts";
import { connectionsAt, type Profile } from "./profile.ts";
import type { Note } from "./run.ts";

/** A second of a load, and how this machine coped with it. */
export interface SentSecond extends LoadSecond {
    /** Milliseconds after its time that the latest request of the second came to its turn. */
    lateMs: number;
    /** Share of the second in which this process had something to do, 0 to 1. */
    busy: number;
}

/** Why the rate was not held, and what was held. */
export interface Shortfall {
    reason: "connections" | "machine";
    /** Most connections that were allowed at the time. */
    connections: number;
    /** Requests per second that were asked for and that were sent in the worst second. */
    asked: number;
    sent: number;
}

/** Below this share of the intended rate, over three seconds, the rate counts as not held. */
const heldShare = 0.98;
const shortfallSeconds = 3;

/** Above these, this machine and not the target is what holds requests back. */
const machineLateMs = 200;
const machineBusy = 0.8;

function mean(values: readonly number[]): number {
    return values.reduce((total, value) => total + value, 0) / values.length;
}

/** What a second sent beyond what it asked for: requests of the one before that were late. */
function surplus(second: LoadSecond | undefined): number {
    return second ? Math.max(0, second.started - second.intended) : 0;
}

/** True when requests came to their turn late, or answers were read late: either makes requests wait. */
function machineIsSlow(stretch: readonly SentSecond[]): boolean {
    return (
        mean(stretch.map(({ lateMs }) => lateMs)) >= machineLateMs ||
        mean(stretch.map(({ busy }) => busy)) >= machineBusy
    );
}

/** The worst stretch of some seconds in which too little was sent; undefined when there is none. */
export function shortfallOf(profile: Profile, history: readonly SentSecond[]): Shortfall | undefined {
    let worst: Shortfall | undefined;
    // The last second is never whole.
    for (let from = 0; from + shortfallSeconds < history.length; from++) {
        const stretch = history.slice(from, from + shortfallSeconds);
        const asked = mean(stretch.map(({ intended }) => intended));
        const sent = mean(stretch.map(({ started }) => started));
        // A request beyond either edge is no shortfall, nor are those that were sent just after it.
        const beyond = 2 + surplus(history[from + shortfallSeconds]);
        const share = asked === 0 ? 1 : (sent + beyond / shortfallSeconds) / asked;
        if (share >= heldShare || sent / asked >= (worst ? worst.sent / worst.asked : 1)) continue;
        const starved = stretch.some(({ waiting }) => waiting > 0) && !machineIsSlow(stretch);
        const reason = starved ? "connections" : "machine";
        worst = { reason, connections: connectionsAt(profile, from), asked, sent };
    }
    return worst;
}

/** What a shortfall means, for people. */
export function shortfallNote({ reason, connections, asked, sent }: Shortfall): Note {
    const rates = `${Math.round(sent)} of ${Math.round(asked)} requests per second were sent`;
    return {
        failed: true,
        text:
            reason === "connections"
                ? `${rates}: with the answers as slow as they were, ${connections} connections allow no more. Raise --concurrent to load the target harder.`
                : `${rates}: this machine is too slow or too busy for the rate. Use several machines.`,
    };
}
