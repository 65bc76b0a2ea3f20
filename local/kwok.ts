import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { type Document, parseAllDocuments } from "yaml";

import type { ClusterSettings } from "./options.ts";
import { programs } from "./programs.ts";

const files = ["node.yaml", "pod.yaml", "loadBalancer.yaml", "usage.yaml"];

/** The configuration of kwok: how nodes, pods and load balancers behave, and what their metrics say. */
export async function kwokConfig(
    settings: Pick<ClusterSettings, "podStartupSeconds" | "jobSeconds">,
): Promise<string> {
    const delays: Readonly<Record<string, number>> = {
        "pod-ready": settings.podStartupSeconds,
        "pod-complete": settings.jobSeconds,
    };
    const documents: Document[] = [];
    for (const file of files) {
        const text = await readFile(join(import.meta.dirname, "kwok", file), "utf8");
        documents.push(
            ...parseAllDocuments(text.replace("KUBERNETES_VERSION", programs["kube-apiserver"].version)),
        );
    }
    for (const document of documents) {
        const seconds = delays[String(document.getIn(["metadata", "name"]))];
        if (seconds !== undefined) {
            document.setIn(["spec", "delay", "durationMilliseconds"], Math.round(seconds * 1000));
        }
    }
    return documents.map((document) => document.toString({ lineWidth: 0 })).join("---\n");
}
