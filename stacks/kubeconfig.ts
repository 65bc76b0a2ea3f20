import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join, resolve } from "node:path";

import { parse } from "yaml";

import type { Config } from "./schema/index.ts";

/** Milliseconds the API server gets to accept a connection. */
const connectTimeoutMs = 5000;

/** The kubeconfig cannot be used; the message says why and what to do. */
export class KubeconfigError extends Error {
    constructor(message: string, key = "cluster.kubeconfig") {
        super(`spywatcher:${key}: ${message}`);
        this.name = "KubeconfigError";
    }
}

interface Kubeconfig {
    "current-context"?: string;
    contexts?: { name: string; context: { cluster: string } }[];
    clusters?: { name: string; cluster: { server: string } }[];
}

/** The absolute path of a kubeconfig: `~` is the home folder, a relative path starts at `folder`. */
export function kubeconfigPath(path: string, folder: string): string {
    if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
    return isAbsolute(path) ? path : resolve(folder, path);
}

/** The URL of the API server that a kubeconfig's context leads to. Throws a KubeconfigError. */
export function apiServer(content: string, context: string | undefined, path: string): URL {
    let kubeconfig: Kubeconfig | null;
    try {
        kubeconfig = parse(content) as Kubeconfig | null;
    } catch (error) {
        throw new KubeconfigError(`${path} is not YAML: ${(error as Error).message}`);
    }
    const contexts = kubeconfig?.contexts ?? [];
    const wanted = context ?? kubeconfig?.["current-context"];
    const entry = contexts.find(({ name }) => name === wanted);
    if (!entry) {
        const names = contexts.map(({ name }) => name).join(", ") || "none";
        throw new KubeconfigError(
            `${path} has no context "${wanted ?? ""}"; its contexts: ${names}. Set spywatcher:cluster.context to one of them.`,
        );
    }
    const server = kubeconfig?.clusters?.find(({ name }) => name === entry.context.cluster)?.cluster.server;
    if (server === undefined || !URL.canParse(server)) {
        throw new KubeconfigError(`${path} names no API server for cluster "${entry.context.cluster}".`);
    }
    return new URL(server);
}

async function assertReachable(server: URL): Promise<void> {
    const port = Number(server.port) || (server.protocol === "http:" ? 80 : 443);
    const host = server.hostname.replace(/^\[|\]$/g, "");
    await new Promise<void>((done, failed) => {
        const socket = connect({ host, port, timeout: connectTimeoutMs });
        const fail = (reason: string) => {
            socket.destroy();
            failed(
                new KubeconfigError(
                    `the API server ${server.origin} does not answer (${reason}). Start the cluster (embedded: \`npm run local:up\`) or point the key to another kubeconfig.`,
                ),
            );
        };
        socket.once("connect", () => {
            socket.destroy();
            done();
        });
        socket.once("timeout", () => {
            fail(`no connection within ${connectTimeoutMs / 1000} s`);
        });
        socket.once("error", (error: NodeJS.ErrnoException) => {
            fail(error.code ?? error.message);
        });
    });
}

/**
 * The content of the kubeconfig at a path, once its API server accepts connections. Throws a KubeconfigError when the
 * file is missing or unusable or the API server does not answer.
 */
export async function readKubeconfig(
    path: string,
    context: string | undefined,
    folder: string,
): Promise<string> {
    const file = kubeconfigPath(path, folder);
    if (!existsSync(file)) {
        throw new KubeconfigError(
            `there is no file ${file}. Start the embedded cluster (\`npm run local:up\`) or set the key to your cluster's kubeconfig.`,
        );
    }
    const content = readFileSync(file, "utf8");
    await assertReachable(apiServer(content, context, file));
    return content;
}

/**
 * The kubeconfig of a cluster that exists already, as `readKubeconfig` gives it; undefined for one that the program makes.
 * Throws a KubeconfigError, also when the AWS CLI is missing, which gets the tokens for a cluster on EKS.
 */
export async function clusterKubeconfig(
    cluster: Config["cluster"],
    folder: string,
): Promise<string | undefined> {
    if (cluster.kind === "existing") return readKubeconfig(cluster.kubeconfig, cluster.context, folder);
    const folders = (process.env["PATH"] ?? "").split(delimiter);
    if (!folders.some((each) => existsSync(join(each, "aws")))) {
        throw new KubeconfigError(
            "the AWS CLI (`aws`) is not on PATH; it gets the tokens for the cluster. Install version 2.",
            "cluster.kind",
        );
    }
    return undefined;
}
