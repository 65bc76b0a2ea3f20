import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { customResourceDefinitions } from "../../../local/crds.ts";

/** A chart with a Deployment and a Service. */
const controllerChart = join(import.meta.dirname, "chart");

/** The group of the definitions that a chart consists of, by the name of its release. */
const definitionGroups: Readonly<Record<string, RegExp>> = {
    "prometheus-operator-crds": /\.monitoring\.coreos\.com$/,
    "karpenter-crd": /\.karpenter\.(sh|k8s\.aws)$/,
};

/** Names of the definitions that charts install. */
export async function chartDefinitions(): Promise<string[]> {
    return (await customResourceDefinitions())
        .map(({ metadata }) => metadata.name)
        .filter((name) => Object.values(definitionGroups).some((group) => group.test(name)));
}

/**
 * Makes, in a folder, a chart for each release that consists of definitions: real ones, as templates, and kept when the
 * release goes, as the real charts do by the values they are given.
 */
async function writeDefinitionCharts(folder: string): Promise<void> {
    const definitions = await customResourceDefinitions();
    for (const [release, group] of Object.entries(definitionGroups)) {
        const manifests = definitions
            .filter(({ metadata }) => group.test(metadata.name))
            .map((definition) => ({
                ...definition,
                metadata: {
                    ...definition.metadata,
                    annotations: {
                        ...definition.metadata.annotations,
                        "helm.sh/resource-policy": "keep",
                    },
                },
            }));
        mkdirSync(join(folder, release, "templates"), { recursive: true });
        writeFileSync(
            join(folder, release, "Chart.yaml"),
            `apiVersion: v2\nname: ${release}\nversion: 0.0.0\n`,
        );
        writeFileSync(
            join(folder, release, "templates", "definitions.yaml"),
            // JSON is YAML. Braces in it would be instructions to Helm.
            manifests.map((each) => JSON.stringify(each).replaceAll("{{", '{{ "{{" }}')).join("\n---\n"),
        );
    }
}

/**
 * Gives a function, to be called first in a program, that makes each of its Helm releases one of a chart that needs no
 * repository. `folder` is for the charts made here.
 */
export async function chartReplacement(folder: string): Promise<() => void> {
    await writeDefinitionCharts(folder);
    return () => {
        pulumi.runtime.registerResourceTransform(({ type, props, opts }) => {
            if (type !== "kubernetes:helm.sh/v3:Release") return undefined;
            const inputs = props as Record<string, unknown>;
            const kept = Object.entries(inputs).filter(
                ([key]) => key !== "version" && key !== "repositoryOpts",
            );
            const release = String(inputs["name"]);
            const chart = release in definitionGroups ? join(folder, release) : controllerChart;
            return { props: { ...Object.fromEntries(kept), chart }, opts };
        });
    };
}
