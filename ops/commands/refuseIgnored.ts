import type { Command } from "commander";

/**
 * Refuses options that were given on the command line but would be ignored, by their names as properties. What environment
 * variables set are defaults, and may be ignored. `reason` is as in "with --spike".
 */
export function refuseIgnored(command: Command, reason: string, names: readonly string[]): void {
    const given = command.options.filter(
        (option) =>
            names.includes(option.attributeName()) &&
            command.getOptionValueSource(option.attributeName()) === "cli",
    );
    if (given.length === 0) return;
    const flags = given.map(({ long, flags: all }) => long ?? all).join(", ");
    command.error(`error: ${flags} would be ignored ${reason}`);
}
