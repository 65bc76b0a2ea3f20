import { environment } from "../../stacks/environment.ts";
import type { Config } from "../../stacks/schema/index.ts";
import { kubernetesName } from "../../stacks/schema/primitives.ts";
import { placeholderSecret } from "../../stacks/schema/secrets.ts";
import { record } from "../plan/record.ts";
import { projectName } from "../project.ts";
import { OptionError } from "../errors.ts";
import { readStackFile } from "../stackFile.ts";
import { type Planned, plannedObjects } from "./planned.ts";

/** Stands in for the kubeconfig, which the program only hands on. */
const noKubeconfig = "apiVersion: v1\nkind: Config\n";

export interface Expected {
    config: Config;
    planned: Planned;
}

/** The stack's configuration, in another namespace if one is given. Fails as `readStackFile` does. */
export function configIn(folder: string, stack: string, namespace: string | undefined): Config {
    const { config } = readStackFile(folder, stack);
    if (namespace === undefined || namespace === "") return config;
    const { error } = kubernetesName().safeParse(namespace);
    if (error) {
        throw new OptionError(
            `NAMESPACE=${namespace}: ${error.issues.map(({ message }) => message).join(", ")}`,
        );
    }
    return { ...config, app: { ...config.app, namespace } };
}

/** What the stack's objects should be: its plan, in which what only AWS knows is unknown. */
export async function expectedObjects(folder: string, stack: string, config: Config): Promise<Planned> {
    const plan = await record(projectName(folder), stack, () => environment(config, noKubeconfig), {
        unknown: true,
    });
    const secretsKnown = Object.entries(config.secrets).every(
        ([name, value]) => value !== placeholderSecret(name),
    );
    return plannedObjects(plan, config.app.namespace, secretsKnown);
}
