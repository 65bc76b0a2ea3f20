import type { LoadSecond } from "./generator.ts";
import { connectionsAt, type Profile } from "./profile.ts";
import type { Note } from "./run.ts";

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

function mean(values: readonly number[]): number {
    return values.reduce((total, value) => total + value, 0) / values.length;
}

/** The worst stretch of some seconds in which too little was sent; undefined when there is none. */
export function shortfallOf(profile: Profile, history: readonly LoadSecond[]): Shortfall | undefined {
    let worst: Shortfall | undefined;
    // The last second is never whole.
    for (let from = 0; from + shortfallSeconds < history.length; from++) {
        const stretch = history.slice(from, from + shortfallSeconds);
        const asked = mean(stretch.map(({ intended }) => intended));
        const sent = mean(stretch.map(({ started }) => started));
        // A request beyond either edge is no shortfall.
        const share = asked === 0 ? 1 : (sent + 2 / shortfallSeconds) / asked;
        if (share >= heldShare || sent / asked >= (worst ? worst.sent / worst.asked : 1)) continue;
        const reason = stretch.some(({ waiting }) => waiting > 0) ? "connections" : "machine";
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
