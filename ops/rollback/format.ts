import Table from "cli-table3";

import type { Choice, Deployment } from "./history.ts";
import type { Images } from "./images.ts";

function shortDate(date: Date): string {
    return date.toISOString().slice(0, 16).replace("T", " ");
}

/** The updates of a stack as a table for people, newest first. */
export function formatDeployments(deployments: readonly Deployment[]): string {
    if (deployments.length === 0) return "The history tells of no update.\n";
    const table = new Table({
        head: ["Number", "Began (UTC)", "Result", "Backend", "Frontend"],
        style: { head: [], border: [], compact: true },
    });
    table.push(
        ...deployments.map(({ number, began, succeeded, limited, images, rolledBackFrom }) => [
            String(number),
            shortDate(began),
            `${succeeded ? "succeeded" : "failed"}${limited ? ", limited" : ""}${rolledBackFrom ? ", rollback" : ""}`,
            images.backend,
            images.frontend,
        ]),
    );
    return `${table.toString()}\n`;
}

/** What a rollback changes, a line for each image. */
export function formatChoice({ from, to, update }: Choice): string[] {
    const line = (name: keyof Images): string =>
        from[name] === to[name] ? `${name}: ${from[name]}, as it is` : `${name}: ${from[name]} → ${to[name]}`;
    return [
        update
            ? `Back to the images of the update of ${shortDate(update.began)} UTC:`
            : "To the images that are asked for:",
        `  ${line("backend")}`,
        `  ${line("frontend")}`,
    ];
}
