import { appendFileSync, existsSync, readFileSync } from "node:fs";

import { needsResource, referencedBy, refersTo } from "./references.ts";

/** Properties in the form the engine's protocol has them: a secret is an object with a mark. */
export type Properties = Record<string, unknown>;

/** A resource that the stand-in has made and not deleted. */
export interface Living {
    readonly urn: string;
    readonly type: string;
    readonly id: string;
    readonly inputs: Properties;
    readonly outputs: Properties;
}

/** One line of the log: what was done, or refused. */
export interface CloudEvent extends Partial<Living> {
    readonly op: "create" | "update" | "delete" | "read" | "refused";
    readonly urn: string;
    readonly type: string;
    readonly id: string;
    /** Milliseconds since 1970 when it began and when it was done. */
    readonly began: number;
    readonly ended: number;
    /** Why it was refused. */
    readonly message?: string;
}

/** Everything that was ever done in the cloud whose log is kept in that file, in the order in which it was done. */
export function cloudEvents(file: string): CloudEvent[] {
    if (!existsSync(file)) return [];
    return readFileSync(file, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as CloudEvent);
}

/** What lives in the cloud whose log is kept in that file. */
export function livingResources(file: string): Living[] {
    const living = new Map<string, Living>();
    for (const event of cloudEvents(file)) {
        const key = `${event.type} ${event.id}`;
        if (event.op === "delete") living.delete(key);
        if (event.op === "create" || event.op === "update") living.set(key, event as Living);
    }
    return [...living.values()];
}

/**
 * A cloud that is nothing but a log in a file. Each provider process has one of its own and sees what the others did.
 * Like AWS it refuses to use what is not there and to delete what is in use.
 */
export class Cloud {
    readonly #file: string;

    constructor(file: string) {
        this.#file = file;
    }

    find(type: string, id: string): Living | undefined {
        return livingResources(this.#file).find((each) => each.type === type && each.id === id);
    }

    create(resource: Living, began: number): void {
        const living = livingResources(this.#file);
        if (living.some(({ type, id }) => type === resource.type && id === resource.id)) {
            this.#refuse(resource, began, `AlreadyExists: ${resource.type} ${resource.id}`);
        }
        this.#assertReferences(resource, living, began);
        this.#append({ op: "create", ...resource, began, ended: Date.now() });
    }

    update(resource: Living, began: number): void {
        this.#assertReferences(resource, livingResources(this.#file), began);
        this.#append({ op: "update", ...resource, began, ended: Date.now() });
    }

    read({ urn, type, id }: Pick<Living, "urn" | "type" | "id">): Living | undefined {
        const now = Date.now();
        this.#append({ op: "read", urn, type, id, began: now, ended: now });
        return this.find(type, id);
    }

    /** Fails while another resource refers to it or it is protected. `began`: when the deletion was asked for. */
    delete({ urn, type, id }: Pick<Living, "urn" | "type" | "id">, began: number): void {
        const living = livingResources(this.#file);
        const resource = living.find((each) => each.type === type && each.id === id);
        if (resource === undefined) return;
        const users = living.filter(
            (each) =>
                each !== resource && referencedBy(each).some((reference) => refersTo(reference, resource)),
        );
        if (resource.inputs["deletionProtection"] === true) {
            this.#refuse(resource, began, `InvalidRequest: ${type} ${id} has deletion protection`);
        }
        if (users.length > 0) {
            const names = users.map((each) => `${each.type} ${each.id}`).join(", ");
            this.#refuse(resource, began, `DependencyViolation: ${type} ${id} is in use by ${names}`);
        }
        this.#append({ op: "delete", urn, type, id, began, ended: Date.now() });
    }

    #assertReferences(resource: Living, living: readonly Living[], began: number): void {
        for (const reference of referencedBy(resource)) {
            if (!needsResource(reference) || living.some((each) => refersTo(reference, each))) continue;
            this.#refuse(resource, began, `NotFound: ${resource.type} refers to ${reference.value}`);
        }
    }

    #refuse({ urn, type, id }: Living, began: number, message: string): never {
        this.#append({ op: "refused", urn, type, id, message, began, ended: Date.now() });
        throw new Error(message);
    }

    #append(event: CloudEvent): void {
        // One write of a line, so that lines of two processes never mix.
        appendFileSync(this.#file, `${JSON.stringify(event)}\n`);
    }
}
