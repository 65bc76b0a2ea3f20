import { existsSync } from "node:fs";

import { KubeConfig } from "@kubernetes/client-node";

import { kubeconfigPath, readKubeconfig } from "../stacks/kubeconfig.ts";
import type { Config } from "../stacks/schema/index.ts";
import { OperationError } from "./errors.ts";

/** A context that `aws eks update-kubeconfig` made for a cluster is named after its ARN. */
function isFor(context: string, cluster: string): boolean {
    return context === cluster || context.endsWith(`:cluster/${cluster}`);
}

/**
 * How to reach a stack's cluster: by the kubeconfig that a cluster of kind `existing` names, or for one on EKS by the
 * user's own, which `accessCommand` of the stack's outputs fills. Throws a KubeconfigError or an OperationError.
 */
export async function kubernetesAccess({ cluster, aws }: Config, folder: string): Promise<KubeConfig> {
    const config = new KubeConfig();
    if (cluster.kind === "existing") {
        await readKubeconfig(cluster.kubeconfig, cluster.context, folder);
        config.loadFromFile(kubeconfigPath(cluster.kubeconfig, folder));
        if (cluster.context !== undefined) config.setCurrentContext(cluster.context);
        return config;
    }
    const command = `aws eks update-kubeconfig --region ${aws?.region ?? "REGION"} --name ${cluster.name} --role-arn ${cluster.access.deployRole}`;
    const path = process.env["KUBECONFIG"] ?? kubeconfigPath("~/.kube/config", folder);
    if (!existsSync(path.split(":")[0] ?? path)) {
        throw new OperationError(`There is no kubeconfig ${path}. Make it with \`${command}\`.`);
    }
    config.loadFromDefault();
    const context = config.contexts.find(({ name }) => isFor(name, cluster.name));
    if (!context) {
        throw new OperationError(
            `No context of your kubeconfig is the cluster ${cluster.name}. Add it with \`${command}\`.`,
        );
    }
    config.setCurrentContext(context.name);
    return config;
}
