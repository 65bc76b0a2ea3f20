import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import * as pulumi from "@pulumi/pulumi";

import { loadConfig } from "./config.ts";
import { environment, type StackOutputs } from "./environment.ts";
import { clusterKubeconfig, KubeconfigError } from "./kubeconfig.ts";
import { ConfigError } from "./problems.ts";
import type { Config } from "./schema/index.ts";
import { warnings } from "./warnings.ts";

const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/** The program of a stack whose configuration is changed on its way from the stack file. */
export async function programWith(change: (config: Config) => Config): Promise<StackOutputs> {
    try {
        const config = change(loadConfig());
        for (const warning of warnings(config)) await pulumi.log.warn(warning);
        return environment(config, await clusterKubeconfig(config.cluster, projectFolder));
    } catch (error) {
        // A RunError is shown without a stack trace, which would bury the message.
        if (error instanceof ConfigError || error instanceof KubeconfigError)
            throw new pulumi.RunError(error.message);
        throw error;
    }
}

/** The program of every stack. */
export default function program(): Promise<StackOutputs> {
    return programWith((config) => config);
}
