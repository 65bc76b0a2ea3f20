import { KubeConfig } from "@kubernetes/client-node";

import { readKubeconfig } from "../../stacks/kubeconfig.ts";
import type { Config } from "../../stacks/schema/index.ts";
import { projectFolder } from "../project.ts";
import { stackOutput, type StateResource } from "./state.ts";

/**
 * How to reach the cluster of a stack as its program does: by the kubeconfig that a cluster of kind `existing` names, or by
 * the stack's output for one on EKS. Undefined when the stack has none, as after the cluster was deleted.
 */
export async function clusterAccess(
    { cluster }: Config,
    resources: readonly StateResource[],
): Promise<KubeConfig | undefined> {
    const kubeconfig = new KubeConfig();
    if (cluster.kind === "existing") {
        kubeconfig.loadFromString(await readKubeconfig(cluster.kubeconfig, cluster.context, projectFolder));
        if (cluster.context !== undefined) kubeconfig.setCurrentContext(cluster.context);
        return kubeconfig;
    }
    const content = stackOutput(resources, "kubeconfig");
    if (content === undefined) return undefined;
    kubeconfig.loadFromString(content);
    return kubeconfig;
}
