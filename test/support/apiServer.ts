import type { OutgoingHttpHeaders } from "node:http";
import { request, type RequestOptions } from "node:https";

import { KubeConfig } from "@kubernetes/client-node";

import { kubeconfigPath } from "../../local/paths.ts";
import { poll } from "./poll.ts";

export interface Answer {
    status: number;
    body: unknown;
    /** Texts of the API server's Warning headers. */
    warnings: string[];
}

interface ApiResource {
    name: string;
    kind: string;
    namespaced: boolean;
    verbs: string[];
}

export interface KubernetesObject {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
}

/** Requests to an API server that show its warnings and take objects as they are. */
export class ApiServer {
    readonly #options: RequestOptions;
    readonly #server: URL;
    readonly #headers: OutgoingHttpHeaders;
    readonly #resources = new Map<string, Promise<ApiResource[]>>();

    private constructor(server: URL, options: RequestOptions, headers: OutgoingHttpHeaders = {}) {
        this.#server = server;
        this.#options = options;
        this.#headers = headers;
    }

    static async connect(kubeconfig = kubeconfigPath()): Promise<ApiServer> {
        const config = new KubeConfig();
        config.loadFromFile(kubeconfig);
        const options: RequestOptions = {};
        await config.applyToHTTPSOptions(options);
        return new ApiServer(new URL(config.getCurrentCluster()?.server ?? ""), options);
    }

    /** The same server, for a service account. */
    asServiceAccount(namespace: string, name: string): ApiServer {
        const headers = {
            "Impersonate-User": `system:serviceaccount:${namespace}:${name}`,
            "Impersonate-Group": ["system:serviceaccounts", "system:authenticated"],
        };
        return new ApiServer(this.#server, this.#options, headers);
    }

    send(method: string, path: string, body?: unknown, type = "application/json"): Promise<Answer> {
        return new Promise((done, failed) => {
            const call = request(
                new URL(path, this.#server),
                {
                    ...this.#options,
                    method,
                    headers: { ...this.#headers, "Content-Type": type },
                },
                (response) => {
                    let text = "";
                    response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
                    response.on("end", () => {
                        const header = response.headersDistinct["warning"] ?? [];
                        // Of a group that is not there the server speaks in plain text.
                        const isJson =
                            response.headers["content-type"]?.startsWith("application/json") === true;
                        done({
                            status: response.statusCode ?? 0,
                            body: text === "" ? undefined : isJson ? JSON.parse(text) : text,
                            // 299 <agent> "<text>", in which quotes are escaped.
                            warnings: header.map((each) =>
                                each.slice(each.indexOf('"') + 1, -1).replaceAll('\\"', '"'),
                            ),
                        });
                    });
                },
            );
            call.on("error", failed);
            call.end(body === undefined ? undefined : JSON.stringify(body));
        });
    }

    /** What is at a path. Asks again, as clients of Kubernetes do, while a kind whose definition is new cannot be read yet. */
    async get<T>(path: string): Promise<T> {
        const { status, body } = await poll(`GET ${path}`, 30, async () => {
            const answer = await this.send("GET", path);
            return answer.status === 429 ? undefined : answer;
        });
        if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
        return body as T;
    }

    async #discover(base: string): Promise<ApiResource[]> {
        return (await this.get<{ resources: ApiResource[] }>(base)).resources;
    }

    /** Path of the collection that objects of that kind are created in. */
    async collection({ apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
        const base = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
        const resources = this.#resources.get(base) ?? this.#discover(base);
        this.#resources.set(base, resources);
        const found = (await resources).find((each) => each.kind === kind && !each.name.includes("/"));
        if (!found) throw new Error(`the API server knows no ${kind} of ${apiVersion}`);
        return found.namespaced
            ? `${base}/namespaces/${metadata.namespace ?? "default"}/${found.name}`
            : `${base}/${found.name}`;
    }

    /** Path of the object itself. */
    async path(object: KubernetesObject): Promise<string> {
        return `${await this.collection(object)}/${object.metadata.name}`;
    }
}
