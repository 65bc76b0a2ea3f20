import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { customResourceDefinitions } from "../../../local/crds.ts";

/** A chart with a Deployment, a Service and, where its values ask for it, a ServiceMonitor. */
const controllerChart = join(import.meta.dirname, "chart");

interface DefinitionChart {
    /** The group of the definitions that the chart consists of. */
    group: RegExp;
    /** Value of the chart with the definitions' annotations. */
    annotations: string;
}

/** The charts that consist of definitions, by the name of their release. */
const definitionCharts: Readonly<Record<string, DefinitionChart>> = {
    "prometheus-operator-crds": {
        group: /\.monitoring\.coreos\.com$/,
        annotations: ".Values.crds.annotations",
    },
    "karpenter-crd": { group: /\.karpenter\.(sh|k8s\.aws)$/, annotations: ".Values.additionalAnnotations" },
};

/** Stands in a definition's annotations for those of the values, which come before it. */
const fromValues = "spywatcher.local/stand-in";

/** Names of the definitions that charts install. */
export async function chartDefinitions(): Promise<string[]> {
    return (await customResourceDefinitions())
        .map(({ metadata }) => metadata.name)
        .filter((name) => Object.values(definitionCharts).some(({ group }) => group.test(name)));
}

/**
 * Makes, in a folder, a chart for each release that consists of definitions: real ones, as templates, which are kept
 * when the release goes if its values say so, as in the real charts.
 */
async function writeDefinitionCharts(folder: string): Promise<void> {
    const definitions = await customResourceDefinitions();
    for (const [release, { group, annotations }] of Object.entries(definitionCharts)) {
        const manifests = definitions
            .filter(({ metadata }) => group.test(metadata.name))
            .map((definition) => ({
                ...definition,
                metadata: {
                    ...definition.metadata,
                    annotations: {
                        ...definition.metadata.annotations,
                        [fromValues]: "true",
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
            manifests
                .map((each) => JSON.stringify(each).replaceAll("{{", '{{ "{{" }}'))
                .map((text) =>
                    text.replace(
                        `"${fromValues}"`,
                        `{{ range $key, $value := ${annotations} }}{{ printf "%q:%q," $key $value }}{{ end }}"${fromValues}"`,
                    ),
                )
                .join("\n---\n"),
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
            const chart = release in definitionCharts ? join(folder, release) : controllerChart;
            return { props: { ...Object.fromEntries(kept), chart }, opts };
        });
    };
}
