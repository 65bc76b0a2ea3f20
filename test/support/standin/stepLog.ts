import assert from "node:assert/strict";

import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

interface Step {
    began: number;
    ended: number;
}

/** Type and name of a resource, such as `NodeGroup cluster-system`. */
function resourceOf(urn: string): string {
    const [, , types = "", name = ""] = urn.split("::");
    return `${types.split(":").at(-1) ?? ""} ${name}`;
}

/** When the engine began and ended each step of an operation, in its own order of events. */
export class StepLog {
    readonly #steps = new Map<string, Step>();
    #sequence = 0;

    readonly onEvent = (event: EngineEvent): void => {
        this.#sequence += 1;
        const { metadata } = event.resourcePreEvent ?? event.resOutputsEvent ?? {};
        if (metadata === undefined) return;
        const key = `${metadata.op} ${resourceOf(metadata.urn)}`;
        const step = this.#steps.get(key) ?? { began: this.#sequence, ended: 0 };
        step.ended = this.#sequence;
        this.#steps.set(key, step);
    };

    /** Asserts that each resource was done before anything began with the next one. */
    assertOrder(op: "create" | "delete", resources: readonly string[]): void {
        for (const [index, later] of resources.entries()) {
            const earlier = resources[index - 1];
            if (earlier === undefined) continue;
            assert.ok(
                this.#step(op, earlier).ended < this.#step(op, later).began,
                `${op} ${later} began before ${op} ${earlier} was done`,
            );
        }
    }

    #step(op: string, resource: string): Step {
        const step = this.#steps.get(`${op} ${resource}`);
        assert.ok(step, `there was no ${op} ${resource}`);
        return step;
    }
}
