import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import * as pulumi from "@pulumi/pulumi";

import { loadConfig } from "./config.ts";
import { environment, type StackOutputs } from "./environment.ts";
import { KubeconfigError, readKubeconfig } from "./kubeconfig.ts";
import { ConfigError } from "./problems.ts";

const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/** The program of every stack. */
export default async function program(): Promise<StackOutputs> {
    try {
        const config = loadConfig();
        const { kubeconfig, context } = config.cluster;
        return environment(config, await readKubeconfig(kubeconfig, context, projectFolder));
    } catch (error) {
        // A RunError is shown without a stack trace, which would bury the message.
        if (error instanceof ConfigError || error instanceof KubeconfigError)
            throw new pulumi.RunError(error.message);
        throw error;
    }
}
