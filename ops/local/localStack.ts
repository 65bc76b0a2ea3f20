import { kubeconfigPath as embeddedKubeconfig } from "../../local/paths.ts";
import { kubeconfigPath } from "../../stacks/kubeconfig.ts";
import { ConfigError, formatProblem } from "../../stacks/problems.ts";
import type { Config } from "../../stacks/schema/index.ts";
import { localEngineEnvironment } from "../engine/localState.ts";
import { projectFolder } from "../project.ts";
import { readStackFile } from "../stackFile.ts";

/** Name of the stack. */
export const localStack = "local";

/** Where the stack `local` is deployed to. */
export interface LocalTarget {
    config: Config;
    cluster: Extract<Config["cluster"], { kind: "existing" }>;
    /** Absolute path of the kubeconfig the stack uses. */
    kubeconfig: string;
    /** True when that is the embedded cluster's. */
    embedded: boolean;
}

/** Reads the stack file. Fails as `readStackFile` does. */
export function localTarget(): LocalTarget {
    const { config } = readStackFile(projectFolder, localStack);
    const { cluster } = config;
    if (cluster.kind !== "existing") {
        throw new ConfigError([
            formatProblem(
                { path: ["cluster", "kind"], message: `must be existing in the stack ${localStack}` },
                config,
            ),
        ]);
    }
    const kubeconfig = kubeconfigPath(cluster.kubeconfig, projectFolder);
    return { config, cluster, kubeconfig, embedded: kubeconfig === embeddedKubeconfig() };
}

/** What to type next, to look at the cluster or to use the plain Pulumi CLI. */
export function furtherHelp({ config, kubeconfig }: LocalTarget): string {
    const { namespace } = config.app;
    const environment = Object.entries(localEngineEnvironment());
    return [
        "Look further:",
        `  export KUBECONFIG='${kubeconfig}'`,
        `  kubectl -n ${namespace} get deployments,pods,hpa,pdb,ingress`,
        `  kubectl -n ${namespace} get hpa --watch`,
        `  kubectl -n ${namespace} top pods`,
        "The plain Pulumi CLI on the same state:",
        ...environment.map(([name, value]) => `  export ${name}='${value}'`),
        `  npx -c 'pulumi preview --stack ${localStack}'`,
    ].join("\n");
}
