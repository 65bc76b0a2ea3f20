import { Listr } from "listr2";

import { type ClusterStatus, start, stop } from "../../local/cluster.ts";
import { formatSummary } from "../engine/events.ts";
import { openStack } from "../engine/openStack.ts";
import { up } from "../engine/operations.ts";
import { InterruptedError } from "../errors.ts";
import { readKubeconfig } from "../../stacks/kubeconfig.ts";
import { buildProgress } from "../progress.ts";
import { projectFolder } from "../project.ts";
import { formatStatus } from "../status/formatStatus.ts";
import { type NamespaceStatus, readStatus } from "../status/readStatus.ts";
import { waitUntilReady } from "../status/waitUntilReady.ts";
import { furtherHelp, localStack, localTarget } from "./localStack.ts";

/** Seconds until pods are ready and metrics known: two rounds of metrics-server and HPA, and a slow machine. */
const readySeconds = 180;

/**
 * Starts the embedded cluster if the stack is deployed to it, brings the stack up and waits until all is ready. When it
 * is interrupted, a cluster that it started is stopped again.
 */
export async function localUp(signal: AbortSignal): Promise<void> {
    const where = localTarget();
    let started: ClusterStatus | undefined;
    try {
        const tasks = new Listr<{ status?: NamespaceStatus; summary?: string }>(
            [
                {
                    title: "Embedded cluster",
                    skip: () => (where.embedded ? false : `Cluster of ${where.kubeconfig}`),
                    task: async (_context, task) => {
                        const result = await start(where.cluster.embedded, {
                            signal,
                            report: buildProgress((line) => (task.output = line)),
                            step: (text) => (task.output = text),
                        });
                        if (!result.found) started = result;
                        task.title = result.found
                            ? `Embedded cluster runs already at ${result.server ?? ""}`
                            : `Embedded cluster started at ${result.server ?? ""} in ${result.seconds.toFixed(1)} s`;
                    },
                },
                {
                    title: "Stack local",
                    task: async (context, task) => {
                        const report = (line: string): void => {
                            task.output = line;
                        };
                        await readKubeconfig(where.kubeconfig, where.cluster.context, projectFolder);
                        const handle = await openStack({
                            folder: projectFolder,
                            stack: localStack,
                            local: true,
                            hooks: { signal, report: buildProgress(report) },
                        });
                        context.summary = formatSummary(await up(handle, { report, signal }));
                        task.title = `Stack local: ${context.summary}`;
                    },
                },
                {
                    title: "Pods ready, HPA metrics known",
                    task: async (context, task) => {
                        context.status = await waitUntilReady({
                            read: () =>
                                readStatus(
                                    where.kubeconfig,
                                    where.cluster.context,
                                    where.config.app.namespace,
                                ),
                            seconds: readySeconds,
                            report: (text) => (task.output = text),
                            signal,
                        });
                    },
                },
            ],
            {
                fallbackRenderer: "simple",
                registerSignalListeners: false,
                rendererOptions: { showErrorMessage: false, collapseErrors: true },
            },
        );
        const context = await tasks.run({});
        if (context.status) process.stdout.write(`\n${formatStatus(context.status)}\n`);
        process.stdout.write(`${furtherHelp(where)}\n`);
    } catch (error) {
        // Ended by the user: what this command started goes with it. After a failure the cluster stays, to look into.
        if (signal.aborted && started) await stop(started);
        throw signal.aborted && !(error instanceof InterruptedError) ? signal.reason : error;
    }
}
