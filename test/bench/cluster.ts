import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { remove, start } from "../../local/cluster.ts";
import { cacheFolder, clusterFolder } from "../../local/paths.ts";
import { findPulumi, providerHome } from "../../local/pulumi.ts";
import { formatYaml } from "../../ops/plan/format.ts";
import { planStack } from "../../ops/plan/planStack.ts";
import { copyProject } from "../support/projectCopy.ts";
import { median, repeat, runNode } from "./measure.ts";

export interface ClusterFigures {
    /** Seconds, all of them medians. */
    start: number;
    up: number;
    secondUp: number;
    kubectl: number;
    /** Temporary folder to remove. */
    folder: string;
}

const instant = { podStartupSeconds: 0, jobSeconds: 0 };

async function seconds(run: () => Promise<unknown>): Promise<number> {
    const began = performance.now();
    await run();
    return (performance.now() - began) / 1000;
}

/** Needs kubectl on PATH. Measures start, `up`, second `up` and the same objects by kubectl, on a cluster whose pods are ready at once. */
export async function benchCluster(runs: number): Promise<ClusterFigures> {
    process.env["SPYWATCHER_CACHE"] = cacheFolder();
    const folder = mkdtempSync(join(tmpdir(), "spywatcher-bench-"));
    const report = ({ program, state }: { program: string; state: string }): void => {
        if (state !== "cached") console.error(`${state} ${program}`);
    };
    await providerHome(await findPulumi({ report }), { report });

    const home = process.env["HOME"];
    process.env["HOME"] = folder;
    const project = copyProject("local", (config) => {
        Object.assign(config["spywatcher:cluster"] ?? {}, { embedded: { podStartupSeconds: 0 } });
    });
    try {
        const starts = await repeat(runs, async () => {
            await remove();
            return seconds(() => start(instant, { report }));
        });
        const objects = join(folder, "objects.yaml");
        writeFileSync(objects, formatYaml((await planStack(project, "local")).plan));
        const kube = (...args: string[]) =>
            execa("kubectl", [
                "--kubeconfig",
                join(clusterFolder(), "kubeconfig"),
                "--namespace",
                "spywatcher",
                ...args,
            ]);
        const ops = (...args: string[]) => runNode([join(project, "ops", "main.ts"), ...args]);

        const kubectlRuns: number[] = [];
        const ups: number[] = [];
        const secondUps: number[] = [];
        for (let run = 0; run < runs; run++) {
            kubectlRuns.push(
                await seconds(async () => {
                    await kube("apply", "--filename", objects);
                    await Promise.all([
                        kube("rollout", "status", "deployment/spywatcher-backend"),
                        kube("rollout", "status", "deployment/spywatcher-frontend"),
                        kube("rollout", "status", "statefulset/postgres"),
                        kube("rollout", "status", "statefulset/redis"),
                        kube("wait", "--for=condition=Complete", "job", "--all"),
                    ]);
                }),
            );
            await kube("delete", "namespace", "spywatcher");
            ups.push(await seconds(() => ops("up", "local")));
            secondUps.push(await seconds(() => ops("up", "local")));
            await ops("destroy", "local", "--yes");
        }
        return {
            start: median(starts),
            up: median(ups),
            secondUp: median(secondUps),
            kubectl: median(kubectlRuns),
            folder,
        };
    } finally {
        await remove();
        rmSync(project, { recursive: true });
        process.env["HOME"] = home;
    }
}
