import { existsSync, readFileSync } from "node:fs";

import type { Command } from "commander";
import { Listr } from "listr2";

import { type ClusterStatus, remove, start, status as clusterStatus, stop } from "../../local/cluster.ts";
import { kubeconfigPath as embeddedKubeconfig } from "../../local/paths.ts";
import { kubeconfigPath } from "../../stacks/kubeconfig.ts";
import type { Config } from "../../stacks/schema/index.ts";
import { formatSummary } from "../engine/events.ts";
import { localEngineEnvironment, openStack } from "../engine/openStack.ts";
import { up } from "../engine/operations.ts";
import { OperationError } from "../errors.ts";
import { projectFolder } from "../project.ts";
import { buildProgress } from "../progress.ts";
import { readStackFile } from "../stackFile.ts";
import { formatStatus } from "../status/formatStatus.ts";
import { type NamespaceStatus, readStatus } from "../status/readStatus.ts";
import { waitUntilReady } from "../status/waitUntilReady.ts";

const stack = "local";

/** Seconds until pods are ready and metrics known: two rounds of metrics-server and HPA, and a slow machine. */
const readySeconds = 180;

const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
};

interface Target {
    config: Config;
    /** Path of the kubeconfig the stack uses. */
    kubeconfig: string;
    /** True when that is the embedded cluster's. */
    embedded: boolean;
}

function target(): Target {
    const { config } = readStackFile(projectFolder, stack);
    const kubeconfig = kubeconfigPath(config.cluster.kubeconfig, projectFolder);
    return { config, kubeconfig, embedded: kubeconfig === embeddedKubeconfig() };
}

function read({ config, kubeconfig }: Target): Promise<NamespaceStatus> {
    return readStatus(kubeconfig, config.cluster.context, config.app.namespace);
}

function furtherHelp({ config, kubeconfig }: Target): string {
    const namespace = config.app.namespace;
    const environment = Object.entries(localEngineEnvironment()).map(
        ([name, value]) => `export ${name}='${value}'`,
    );
    return [
        "Look further:",
        `  export KUBECONFIG='${kubeconfig}'`,
        `  kubectl -n ${namespace} get deployments,pods,hpa,pdb,ingress`,
        `  kubectl -n ${namespace} get hpa --watch`,
        `  kubectl top pods -n ${namespace}`,
        "The plain Pulumi CLI on the same state:",
        ...environment.map((line) => `  ${line}`),
        `  npx pulumi preview --stack ${stack}`,
    ].join("\n");
}

async function bringUp(signal: AbortSignal): Promise<void> {
    const where = target();
    let started: ClusterStatus | undefined;
    try {
        const tasks = new Listr<{ status?: NamespaceStatus; summary?: string }>(
            [
                {
                    title: "Embedded cluster",
                    skip: () => (where.embedded ? false : `Cluster of ${where.kubeconfig}`),
                    task: async (_context, task) => {
                        const result = await start(where.config.cluster.embedded, {
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
                        const handle = await openStack({
                            folder: projectFolder,
                            stack,
                            local: true,
                            create: true,
                            hooks: { signal, report: buildProgress(report) },
                        });
                        if (handle === undefined)
                            throw new OperationError("The stack local could not be made.");
                        context.summary = formatSummary(await up(handle, { report, signal }));
                        task.title = `Stack local: ${context.summary}`;
                    },
                },
                {
                    title: "Pods ready, HPA metrics known",
                    task: async (context, task) => {
                        context.status = await waitUntilReady({
                            read: () => read(where),
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
        if (context.status) print(`\n${formatStatus(context.status)}`);
        print(furtherHelp(where));
    } catch (error) {
        // Ended by the user: what this command started goes with it. After a failure the cluster stays, to look into.
        if (signal.aborted && started) await stop(started);
        throw signal.aborted ? signal.reason : error;
    }
}

async function showStatus(): Promise<void> {
    const where = target();
    if (where.embedded) {
        const cluster = await clusterStatus();
        print(
            `Embedded cluster: ${cluster.state}${cluster.server === undefined ? "" : ` at ${cluster.server}`}`,
        );
        for (const { name, pid, running, log } of cluster.components) {
            print(`  ${name}: ${running ? `runs (process ${pid ?? ""})` : "does not run"}, log ${log}`);
        }
        if (cluster.state !== "running") return;
    }
    print(formatStatus(await read(where)));
    print(furtherHelp(where));
}

/** `local up|down|status|kubeconfig`: the embedded cluster and the stack on it. */
export function addLocalCommand(program: Command, signal: AbortSignal): void {
    const local = program
        .command("local")
        .description("the workloads on a local cluster, the embedded one by default");
    local
        .command("up")
        .description("start the embedded cluster, bring up the stack local, wait until all is ready")
        .action(() => bringUp(signal));
    local
        .command("down")
        .description("end the embedded cluster's processes and keep its data")
        .option("--delete", "delete its data and the stack's state too")
        .action(async ({ delete: wipe }: { delete?: boolean }) => {
            if (wipe) {
                print(
                    (await remove())
                        ? "The embedded cluster and its data are gone."
                        : "There is no embedded cluster.",
                );
                return;
            }
            const stopped = await stop();
            print(
                stopped.length > 0 ? `Stopped ${stopped.join(", ")}.` : "The embedded cluster does not run.",
            );
        });
    local
        .command("status")
        .description("show the embedded cluster's processes and the state of the workloads")
        .action(showStatus);
    local
        .command("kubeconfig")
        .description("print the kubeconfig the stack local uses")
        .action(() => {
            const { kubeconfig } = target();
            if (!existsSync(kubeconfig)) {
                throw new OperationError(
                    `There is no file ${kubeconfig} yet; \`npm run local:up\` makes it.`,
                );
            }
            process.stdout.write(readFileSync(kubeconfig, "utf8"));
        });
}
