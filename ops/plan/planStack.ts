import { environment } from "../../stacks/environment.ts";
import type { Config } from "../../stacks/schema/index.ts";
import { projectName } from "../project.ts";
import { readStackFile } from "../stackFile.ts";
import type { Plan } from "./model.ts";
import { record } from "./record.ts";

/** Stands in for the kubeconfig, which a plan has no use for. */
const noKubeconfig = "apiVersion: v1\nkind: Config\n";

export interface StackPlan {
    plan: Plan;
    /** Required secrets the stack file does not hold; placeholders stood in for them. */
    missingSecrets: string[];
}

/** What `up` of a stack would register, from its stack file alone, or from it with something changed. */
export async function planStack(
    folder: string,
    stack: string,
    change: (config: Config) => Config = (config) => config,
): Promise<StackPlan> {
    const { config, missingSecrets } = readStackFile(folder, stack);
    const changed = change(config);
    const plan = await record(projectName(folder), stack, () => environment(changed, noKubeconfig));
    return { plan, missingSecrets };
}
