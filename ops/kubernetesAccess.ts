import { existsSync, readFileSync } from "node:fs";
import { delimiter } from "node:path";

import { KubeConfig } from "@kubernetes/client-node";

import { kubeconfigPath as embeddedKubeconfig } from "../local/paths.ts";
import { apiServer, KubeconfigError, kubeconfigPath } from "../stacks/kubeconfig.ts";
import type { Config } from "../stacks/schema/index.ts";
import { OperationError } from "./errors.ts";
import { openClient } from "./validate/client.ts";
import { ReadError, UnreachableError } from "./validate/readError.ts";

export interface ConnectOptions {
    /** Path of a kubeconfig. Default: the stack's, and for a cluster on EKS what kubectl would use. */
    kubeconfig?: string;
    /** Default: the stack's, and for a cluster on EKS the one for it. */
    context?: string;
}

function contextNames(config: KubeConfig): string {
    return config.contexts.map(({ name }) => name).join(", ") || "none";
}

/** What fills a kubeconfig for a stack's cluster on EKS, as the stack's output `accessCommand` says. */
function accessCommand({ cluster, aws }: Config): string {
    const role = cluster.kind === "eks" ? ` --role-arn ${cluster.access.deployRole}` : "";
    return `aws eks update-kubeconfig --region ${aws?.region ?? "REGION"} --name ${cluster.name}${role}`;
}

/** True for what a kubeconfig calls the stack's cluster: its ARN, which `aws eks update-kubeconfig` writes, or its name. */
function isCluster({ cluster, aws }: Config, name: string): boolean {
    if (!name.startsWith("arn:")) return name === cluster.name;
    return name.endsWith(`:eks:${aws?.region ?? ""}:${aws?.accountId ?? ""}:cluster/${cluster.name}`);
}

function eksContext(config: Config, kubeconfig: KubeConfig): string {
    const found = kubeconfig.contexts.find(({ name, cluster }) =>
        // A context may have any name; the cluster's ARN says whose it is.
        isCluster(config, cluster.startsWith("arn:") || !isCluster(config, name) ? cluster : name),
    );
    if (found) return found.name;
    throw new KubeconfigError(
        `no context leads to the cluster ${config.cluster.name}; there are: ${contextNames(kubeconfig)}. Make one with \`${accessCommand(config)}\`, or name one with --context.`,
        "cluster.name",
    );
}

/** True for the embedded cluster, where no container runs. */
export function isEmbedded({ cluster }: Config, folder: string): boolean {
    return cluster.kind === "existing" && kubeconfigPath(cluster.kubeconfig, folder) === embeddedKubeconfig();
}

/** The first of each name. */
function firsts<T extends { name: string }>(all: readonly T[]): T[] {
    return [...Map.groupBy(all, ({ name }) => name).values()].flatMap(([first]) => (first ? [first] : []));
}

/** One kubeconfig of several files as kubectl reads them: missing files are left out, what comes first holds. */
function merged(files: readonly string[], advice: string): KubeConfig {
    const there = files.filter((file) => existsSync(file));
    if (there.length === 0) throw new KubeconfigError(`there is no file ${files.join(", ")}. ${advice}`);
    const all = there.map((file) => {
        const kubeconfig = new KubeConfig();
        try {
            kubeconfig.loadFromFile(file);
        } catch (error) {
            throw new KubeconfigError(`${file} is no kubeconfig: ${(error as Error).message}`);
        }
        return kubeconfig;
    });
    const kubeconfig = new KubeConfig();
    kubeconfig.loadFromOptions({
        clusters: firsts(all.flatMap(({ clusters }) => clusters)),
        users: firsts(all.flatMap(({ users }) => users)),
        contexts: firsts(all.flatMap(({ contexts }) => contexts)),
        currentContext: all.find(({ currentContext }) => currentContext)?.currentContext,
    });
    return kubeconfig;
}

function existingCluster(
    config: Config,
    path: string,
    context: string | undefined,
    folder: string,
): KubeConfig {
    const file = kubeconfigPath(path, folder);
    const start = isEmbedded(config, folder)
        ? "Start the embedded cluster (`npm run local:up`), or name"
        : "Name";
    const kubeconfig = merged([file], `${start} a kubeconfig with --kubeconfig.`);
    apiServer(readFileSync(file, "utf8"), context, file);
    if (context !== undefined) kubeconfig.setCurrentContext(context);
    return kubeconfig;
}

/**
 * The kubeconfig to read a stack's cluster with, its current context set. Throws a KubeconfigError when there is none or
 * it has no such context; asks nobody.
 */
export function connect(config: Config, options: ConnectOptions, folder: string): KubeConfig {
    const { cluster } = config;
    if (cluster.kind === "existing") {
        const { kubeconfig = cluster.kubeconfig, context = cluster.context } = options;
        return existingCluster(config, kubeconfig, context, folder);
    }
    const variable = (process.env["KUBECONFIG"] ?? "").split(delimiter).filter((file) => file !== "");
    const named = options.kubeconfig === undefined ? variable : [options.kubeconfig];
    const files = named.length > 0 ? named : ["~/.kube/config"];
    const kubeconfig = merged(
        files.map((file) => kubeconfigPath(file, folder)),
        `Make it with \`${accessCommand(config)}\`.`,
    );
    const context = options.context ?? eksContext(config, kubeconfig);
    if (!kubeconfig.getContextObject(context)) {
        throw new KubeconfigError(
            `there is no context "${context}"; there are: ${contextNames(kubeconfig)}.`,
            "cluster.name",
        );
    }
    kubeconfig.setCurrentContext(context);
    return kubeconfig;
}

/** Throws an OperationError that says why the API server of the current context cannot be asked, and what to do. */
export async function assertReachable(kubeconfig: KubeConfig): Promise<void> {
    try {
        await openClient(kubeconfig).read("/version", {
            verb: "get",
            resource: "/version",
            namespace: undefined,
        });
    } catch (error) {
        // Whoever may not ask for the version has been answered.
        if (error instanceof ReadError) return;
        if (!(error instanceof UnreachableError)) throw error;
        const { message, remedy } = error;
        throw new OperationError(`${message.charAt(0).toUpperCase()}${message.slice(1)}. ${remedy}`);
    }
}
