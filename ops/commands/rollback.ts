import { type Command, InvalidArgumentError, Option } from "commander";

import type { RollbackOptions } from "../rollback/rollbackCommand.ts";
import { repeatable, withEngineOptions } from "./engine.ts";

function updateNumber(text: string): number {
    if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It is a number that --list shows.");
    return Number(text);
}

/** `rollback <env>`: the last good images again. */
export function addRollbackCommand(program: Command, signal: AbortSignal): void {
    withEngineOptions(program.command("rollback"))
        .description("bring the last good images back; the stack file and the database's schema stay")
        .argument("<env>", "stack: local, dev, prod or another with a Pulumi.<env>.yaml")
        .option("-y, --yes", "do not ask before changing anything")
        .option("--list", "print the updates there were, with their images, and change nothing")
        .addOption(
            new Option("--to <number>", "the images of this update, as --list counts").argParser(
                updateNumber,
            ),
        )
        .option("--backend-image <image>", "this image of the backend")
        .option("--frontend-image <image>", "this image of the frontend")
        .addOption(repeatable("--allow-replace <urn>", "in production: this may be replaced or deleted"))
        .action(async (stack: string, options: RollbackOptions) =>
            (await import("../rollback/rollbackCommand.ts")).rollbackCommand(stack, options, signal),
        );
}
