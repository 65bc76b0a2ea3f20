import { appendFileSync, writeFileSync } from "node:fs";

import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

import { eventLine } from "../changes/eventFile.ts";
import { OptionError } from "../errors.ts";

/** A file that holds the events of the last operation, whatever becomes of it. */
export class EventsFile {
    readonly #path: string;

    /** Throws an OptionError when the file cannot be written. */
    constructor(path: string) {
        this.#path = path;
        try {
            this.begin();
        } catch (error) {
            throw new OptionError(`--events ${path} cannot be written: ${(error as Error).message}`);
        }
    }

    /** An operation begins: those before it are forgotten. */
    begin(): void {
        writeFileSync(this.#path, "", { mode: 0o600 });
    }

    readonly add = (event: EngineEvent): void => {
        const line = eventLine(event);
        if (line !== undefined) appendFileSync(this.#path, line);
    };
}
