import { existsSync, readFileSync } from "node:fs";

import { KubeConfig } from "@kubernetes/client-node";

import { apiServer, KubeconfigError, kubeconfigPath } from "../../stacks/kubeconfig.ts";
import type { Config } from "../../stacks/schema/index.ts";

export interface ConnectOptions {
    /** Path of a kubeconfig. Default: the stack's, and for a cluster on EKS what kubectl would use. */
    kubeconfig?: string;
    /** Default: the stack's, and for a cluster on EKS the one for it. */
    context?: string;
}

function contextNames(config: KubeConfig): string {
    return config.contexts.map(({ name }) => name).join(", ") || "none";
}

/** What the EKS cluster is called in a kubeconfig that `aws eks update-kubeconfig` has written. */
function isCluster(config: Config, name: string): boolean {
    return (
        name === config.cluster.name ||
        (name.startsWith("arn:") &&
            name.endsWith(`:${config.aws?.accountId ?? ""}:cluster/${config.cluster.name}`))
    );
}

function eksContext(config: Config, kubeconfig: KubeConfig): string {
    const found = kubeconfig.contexts.find(({ name, cluster }) =>
        [name, cluster].some((each) => isCluster(config, each)),
    );
    if (found) return found.name;
    throw new KubeconfigError(
        `no context leads to the cluster ${config.cluster.name}; there are: ${contextNames(kubeconfig)}. Make one with the stack's output accessCommand, or name one with --context.`,
        "cluster.name",
    );
}

function fromFile(path: string, context: string | undefined, folder: string): KubeConfig {
    const file = kubeconfigPath(path, folder);
    if (!existsSync(file)) {
        throw new KubeconfigError(
            `there is no file ${file}. Start the embedded cluster (\`npm run local:up\`), or name a kubeconfig with --kubeconfig.`,
        );
    }
    apiServer(readFileSync(file, "utf8"), context, file);
    const config = new KubeConfig();
    config.loadFromFile(file);
    if (context !== undefined) config.setCurrentContext(context);
    return config;
}

/**
 * The kubeconfig to read a stack's cluster with, its current context set. Throws a KubeconfigError when there is none or
 * it has no such context; asks nobody.
 */
export function connect(config: Config, options: ConnectOptions, folder: string): KubeConfig {
    const { cluster } = config;
    if (cluster.kind === "existing") {
        return fromFile(options.kubeconfig ?? cluster.kubeconfig, options.context ?? cluster.context, folder);
    }
    if (options.kubeconfig !== undefined && options.context !== undefined) {
        return fromFile(options.kubeconfig, options.context, folder);
    }
    const kubeconfig = new KubeConfig();
    if (options.kubeconfig !== undefined) kubeconfig.loadFromFile(kubeconfigPath(options.kubeconfig, folder));
    else kubeconfig.loadFromDefault();
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
