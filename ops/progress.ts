import type { ProgramProgress } from "../local/build.ts";

/** Turns the build's progress into lines: what is built, and how long it took. */
export function buildProgress(print: (line: string) => void): (progress: ProgramProgress) => void {
    return ({ program, state, seconds }) => {
        if (state === "building") print(`building ${program} from source (once; kept in the cache)`);
        else if (state === "waiting") print(`waiting for another process that builds ${program}`);
        else if (state === "built") print(`built ${program} in ${Math.round(seconds)} s`);
    };
}
