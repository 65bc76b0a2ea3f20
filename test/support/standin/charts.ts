import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

/** A chart with a Deployment and a Service. */
const chart = join(import.meta.dirname, "chart");

/** Makes every Helm release of the running program one of a chart that needs no repository. To be called first. */
export function replaceCharts(): void {
    pulumi.runtime.registerResourceTransform(({ type, props, opts }) => {
        if (type !== "kubernetes:helm.sh/v3:Release") return undefined;
        const kept = Object.entries(props as Record<string, unknown>).filter(
            ([key]) => key !== "version" && key !== "repositoryOpts",
        );
        return { props: { ...Object.fromEntries(kept), chart }, opts };
    });
}
