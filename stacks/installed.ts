import type { Config } from "./schema/index.ts";

/** Controllers that may be somebody else's. */
export type OptionalController = "loadBalancerController" | "metricsServer";

/** True when the program installs the controller: as the configuration says, else in new clusters only. */
export function isInstalled({ cluster, platform }: Config, controller: OptionalController): boolean {
    return platform[controller].enabled ?? cluster.kind === "eks";
}
