import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

interface Step {
    began: number;
    ended: number;
}

/** Type and name of a resource, such as `NodeGroup cluster-system`. */
export function resourceOf(urn: string): string {
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

    /** Steps of the chains that began before the step that comes ahead of them was done. */
    early(op: "create" | "delete", chains: readonly (readonly string[])[]): string[] {
        return chains.flatMap((chain) =>
            chain.slice(1).flatMap((later, index) => {
                const earlier = chain[index] ?? "";
                const inOrder = this.#step(op, earlier).ended < this.#step(op, later).began;
                return inOrder ? [] : [`${op} ${later} before ${earlier}`];
            }),
        );
    }

    #step(op: string, resource: string): Step {
        const step = this.#steps.get(`${op} ${resource}`);
        if (!step) throw new Error(`there was no ${op} ${resource}`);
        return step;
    }
}
