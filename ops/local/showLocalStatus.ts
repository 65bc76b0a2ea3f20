import { status as clusterStatus } from "../../local/cluster.ts";
import { formatStatus } from "../status/formatStatus.ts";
import { readStatus } from "../status/readStatus.ts";
import { furtherHelp, localTarget } from "./localStack.ts";

const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
};

/** Prints the embedded cluster's processes and the state of the workloads. */
export async function showLocalStatus(): Promise<void> {
    const where = localTarget();
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
    print(
        formatStatus(await readStatus(where.kubeconfig, where.cluster.context, where.config.app.namespace)),
    );
    print(furtherHelp(where));
}
