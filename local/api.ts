import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { join } from "node:path";

import type { Manifest } from "./bootstrap.ts";
import { type CertificateName, certificateFiles } from "./certificates.ts";
import { LocalClusterError, errorMessage } from "./errors.ts";
import { waitFor } from "./wait.ts";

const fieldManager = "spywatcher-local";

/** What a server answered. */
export interface Answer {
    readonly status: number;
    readonly body: string;
}

/**
 * A client of one loopback server with TLS: an authority to verify it by, a certificate to show.
 * Plain HTTPS, because the generated Kubernetes client drops the `x-kubernetes-*` fields of a
 * CustomResourceDefinition, and takes longer to load than finding a running cluster may take.
 */
export class ApiClient {
    readonly #agent: Agent;
    readonly #port: number;
    readonly #resources = new Map<string, Promise<readonly ApiResource[]>>();

    private constructor(agent: Agent, port: number) {
        this.#agent = agent;
        this.#port = port;
    }

    /** A client with a certificate from the folder that `ensureCertificates` filled. */
    static async open(
        folder: string,
        authority: "ca" | "etcd-ca",
        identity: CertificateName,
        port: number,
    ): Promise<ApiClient> {
        const files = certificateFiles(folder, identity);
        const [ca, cert, key] = await Promise.all(
            [join(folder, `${authority}.crt`), files.certificate, files.key].map((file) => readFile(file)),
        );
        return new ApiClient(new Agent({ ca, cert, key, keepAlive: true, maxSockets: 8 }), port);
    }

    /** True when the server answers a health check with 200 within two seconds. */
    async isHealthy(path: string): Promise<boolean> {
        return (await this.send("GET", path).catch(() => undefined))?.status === 200;
    }

    /** The JSON at a path; undefined unless the server answers with 200. `accept` asks for another form of it. */
    async get(path: string, accept = "application/json"): Promise<unknown> {
        const answer = await this.send("GET", path, { accept }).catch(() => undefined);
        return answer?.status === 200 ? JSON.parse(answer.body) : undefined;
    }

    /** Deletes the object at a path, if it is there. */
    async delete(path: string): Promise<void> {
        const { status, body } = await this.send("DELETE", path, { timeout: 10_000 });
        if (status >= 300 && status !== 404) {
            throw new LocalClusterError(`The API server refused to delete ${path}: ${messageOf(body)}`);
        }
    }

    /**
     * Applies an object by server-side apply, or its `subresource`. Waits up to 30 s for a namespace or kind that is not
     * there yet. Fails with a `LocalClusterError` that holds the server's message.
     */
    async apply(
        manifest: Manifest,
        options: { signal?: AbortSignal | undefined; subresource?: string } = {},
    ): Promise<void> {
        const what = `${manifest.kind} ${manifest.metadata.name}`;
        await waitFor(
            async () => ((await this.#tryApply(manifest, what, options.subresource)) ? true : undefined),
            {
                what,
                seconds: 30,
                signal: options.signal,
            },
        );
    }

    /** Sends a request. Fails when the server cannot be reached or does not answer within `timeout` milliseconds. */
    async send(
        method: string,
        path: string,
        { body, type = "application/json", accept = "application/json", timeout = 2000 }: SendOptions = {},
    ): Promise<Answer> {
        return new Promise((resolve, reject) => {
            const call = request(
                {
                    agent: this.#agent,
                    host: "127.0.0.1",
                    port: this.#port,
                    method,
                    path,
                    timeout,
                    headers: {
                        accept,
                        ...(body === undefined
                            ? {}
                            : { "content-type": type, "content-length": Buffer.byteLength(body) }),
                    },
                },
                (response) => {
                    const chunks: Buffer[] = [];
                    response.on("data", (chunk: Buffer) => chunks.push(chunk));
                    response.on("end", () =>
                        resolve({
                            status: response.statusCode ?? 0,
                            body: Buffer.concat(chunks).toString("utf8"),
                        }),
                    );
                    response.on("error", reject);
                },
            );
            call.on("timeout", () => call.destroy(new Error(`no answer within ${timeout} ms`)));
            call.on("error", reject);
            call.end(body);
        });
    }

    /** Closes idle connections, so that they keep no process alive. */
    close(): void {
        this.#agent.destroy();
    }

    async #tryApply(manifest: Manifest, what: string, subresource: string | undefined): Promise<boolean> {
        let answer: Answer;
        try {
            const path = await this.#pathOf(manifest);
            if (path === undefined) {
                return false;
            }
            const suffix = subresource === undefined ? "" : `/${subresource}`;
            answer = await this.send("PATCH", `${path}${suffix}?fieldManager=${fieldManager}&force=true`, {
                body: JSON.stringify(manifest),
                type: "application/apply-patch+yaml",
                timeout: 20_000,
            });
        } catch (error) {
            throw new LocalClusterError(`${what} could not be applied: ${errorMessage(error)}`);
        }
        if (answer.status < 300) {
            return true;
        }
        if ([404, 409, 429].includes(answer.status) || answer.status >= 500) {
            return false;
        }
        throw new LocalClusterError(`The API server refused ${what}: ${messageOf(answer.body)}`);
    }

    async #pathOf({ apiVersion, kind, metadata }: Manifest): Promise<string | undefined> {
        const base = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
        const resources = this.#resources.get(base) ?? this.#discover(base);
        this.#resources.set(base, resources);
        const resource = (await resources).find((one) => one.kind === kind && !one.name.includes("/"));
        if (resource === undefined) {
            this.#resources.delete(base);
            return undefined;
        }
        const namespace = resource.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
        return `${base}${namespace}/${resource.name}/${metadata.name}`;
    }

    async #discover(base: string): Promise<readonly ApiResource[]> {
        const list = (await this.get(base)) as { readonly resources: readonly ApiResource[] } | undefined;
        return list?.resources ?? [];
    }
}

interface SendOptions {
    readonly body?: string;
    readonly type?: string;
    readonly accept?: string;
    readonly timeout?: number;
}

interface ApiResource {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
}

function messageOf(body: string): string {
    try {
        const status: unknown = JSON.parse(body);
        if (typeof status === "object" && status !== null && "message" in status) {
            return String(status.message);
        }
    } catch {
        // Not JSON: the text itself is the message.
    }
    return body;
}
