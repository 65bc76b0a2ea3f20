import assert from "node:assert/strict";

import type { ApiServer } from "./apiServer.ts";

/** A JSON patch (RFC 6902). */
export type JsonPatch = { op: "add" | "remove" | "replace"; path: string; value?: unknown }[];

/** Changes an object: a list is a JSON patch, anything else a merge patch. */
export async function patchObject(server: ApiServer, path: string, change: object): Promise<void> {
    const type = Array.isArray(change) ? "application/json-patch+json" : "application/merge-patch+json";
    const { status, body } = await server.send("PATCH", path, change, type);
    assert.equal(status, 200, JSON.stringify(body));
}

/** Creates an object in a collection. */
export async function createObject(server: ApiServer, path: string, object: object): Promise<void> {
    const { status, body } = await server.send("POST", path, object);
    assert.equal(status, 201, JSON.stringify(body));
}
