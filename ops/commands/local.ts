import { existsSync, readFileSync } from "node:fs";

import type { Command } from "commander";

const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
};

async function localDown(wipe: boolean): Promise<void> {
    const { remove, stop } = await import("../../local/cluster.ts");
    if (wipe) {
        print(
            (await remove())
                ? "The embedded cluster and its data are gone."
                : "There is no embedded cluster.",
        );
        return;
    }
    const stopped = await stop();
    print(stopped.length > 0 ? `Stopped ${stopped.join(", ")}.` : "The embedded cluster does not run.");
}

async function printKubeconfig(): Promise<void> {
    const { OperationError } = await import("../errors.ts");
    const { localTarget } = await import("../local/localStack.ts");
    const { kubeconfig } = localTarget();
    if (!existsSync(kubeconfig)) {
        throw new OperationError(`There is no file ${kubeconfig} yet; \`npm run local:up\` makes it.`);
    }
    process.stdout.write(readFileSync(kubeconfig, "utf8"));
}

/** `local up|down|status|kubeconfig`: the embedded cluster and the stack on it. */
export function addLocalCommand(program: Command, signal: AbortSignal): void {
    const local = program
        .command("local")
        .description("the workloads on a local cluster, the embedded one by default");
    local
        .command("up")
        .description("start the embedded cluster, bring up the stack local, wait until all is ready")
        .action(async () => (await import("../local/localUp.ts")).localUp(signal));
    local
        .command("down")
        .description("end the embedded cluster's processes and keep its data")
        .option("--delete", "delete its data and the stack's state too")
        .action(({ delete: wipe = false }: { delete?: boolean }) => localDown(wipe));
    local
        .command("status")
        .description("show the embedded cluster's processes and the state of the workloads")
        .action(async () => (await import("../local/showLocalStatus.ts")).showLocalStatus());
    local
        .command("kubeconfig")
        .description("print the kubeconfig the stack local uses")
        .action(printKubeconfig);
}
