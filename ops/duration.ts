import { InvalidArgumentError } from "commander";

const unitSeconds = { s: 1, m: 60, h: 3600 } as const;

/** Seconds of a duration such as `90s`, `45m` or `2h`, given as an option. Throws commander's InvalidArgumentError. */
export function parseDuration(text: string): number {
    const [, count, unit] = /^(\d+)([smh])$/.exec(text) ?? [];
    if (count === undefined) throw new InvalidArgumentError("It is a duration such as 90s, 45m or 2h.");
    return Number(count) * unitSeconds[unit as keyof typeof unitSeconds];
}

/** `45 s`, `2 min 5 s`, `1 h 4 min`. */
export function formatDuration(seconds: number): string {
    const whole = Math.round(seconds);
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const parts: [number, string][] =
        hours > 0
            ? [
                  [hours, "h"],
                  [minutes, "min"],
              ]
            : [
                  [minutes, "min"],
                  [rest, "s"],
              ];
    return (
        parts
            .filter(([count]) => count > 0)
            .map(([count, unit]) => `${count} ${unit}`)
            .join(" ") || "0 s"
    );
}
