import Table from "cli-table3";

import { type CriticalPath, goalRatio } from "./criticalPath.ts";

/** Seconds as minutes and seconds: `9:50`. */
export function formatSeconds(seconds: number): string {
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** A table for people: the longest chain, how long it takes, and how long it would take at least. */
export function formatCriticalPath(path: CriticalPath): string {
    const table = new Table({
        head: ["Start", "Seconds", "Resource", "Type"],
        colAligns: ["right", "right", "left", "left"],
        style: { head: [], border: [], compact: true },
    });
    for (const { start, seconds, name, type } of path.chain) {
        table.push([formatSeconds(start), String(seconds), name, type]);
    }
    const stages = path.lowerBound.stages.map(({ stage, seconds }) => `${stage} ${seconds}`).join(" + ");
    const verdict = path.ratio <= goalRatio ? "met" : "missed";
    const beyond = path.beyondBound.map(({ name, seconds }) => `${name} ${seconds} s`).join(", ");
    return `${table.toString()}
Longest chain  ${formatSeconds(path.totalSeconds)}
Lower bound    ${formatSeconds(path.lowerBound.seconds)}${stages === "" ? "" : ` (${stages})`}
Ratio          ${path.ratio.toFixed(3)}, goal at most ${goalRatio}: ${verdict}
${beyond === "" ? "" : `Beyond bound   ${beyond}\n`}Times are typical ones of first creations, not promises.
`;
}
