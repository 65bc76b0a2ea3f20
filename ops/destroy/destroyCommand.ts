import type { Stack } from "@pulumi/pulumi/automation/index.js";

import { installsMonitoring } from "../../stacks/features.ts";
import { programWith } from "../../stacks/index.ts";
import type { Config } from "../../stacks/schema/index.ts";
import { withoutProtections } from "../../stacks/withoutProtections.ts";
import { assertAccount } from "../engine/awsIdentity.ts";
import { CommandRun } from "../engine/commandRun.ts";
import { overBefore } from "../engine/deadline.ts";
import { noStack, selectStack } from "../engine/openStack.ts";
import { destroy, type OperationHooks, type OperationResult } from "../engine/operations.ts";
import { type ChangingOptions, operationOptions } from "../engine/options.ts";
import { InterruptedError } from "../errors.ts";
import { buildProgress } from "../progress.ts";
import { projectFolder } from "../project.ts";
import { assertSecrets, readStackFile, type StackFile } from "../stackFile.ts";
import { clusterAccess } from "./clusterAccess.ts";
import { confirmDestroy } from "./confirmDestroy.ts";
import { formatInventory, inventoryOf } from "./inventory.ts";
import { findLeftovers, formatLeftovers, leftoverCommands, type Leftovers } from "./leftovers.ts";
import { waitForReconciliation } from "./loadBalancer.ts";
import { protectionsOf } from "./protections.ts";
import { stateOf, type StateResource } from "./state.ts";
import { takeProtectionsOff } from "./takeProtectionsOff.ts";
import { volumesOf, waitForVolumes } from "./volumes.ts";

export interface DestroyOptions extends ChangingOptions {
    /** The stack's name, typed: what `yes` alone does not do for a protected one. */
    confirm?: string;
}

interface Destruction {
    stack: string;
    file: StackFile;
    handle: Stack;
    run: CommandRun;
    options: DestroyOptions;
}

function combined(results: readonly OperationResult[]): OperationResult {
    const changes: OperationResult["changes"] = {};
    for (const each of results) {
        for (const [op, count] of Object.entries(each.changes) as [keyof typeof changes, number][]) {
            changes[op] = (changes[op] ?? 0) + count;
        }
    }
    return {
        changes,
        seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
        outputs: {},
        steps: results.flatMap(({ steps }) => steps),
        slowest: results
            .flatMap(({ slowest }) => slowest)
            .toSorted((a, b) => b.seconds - a.seconds)
            .slice(0, 10),
        resources: results.reduce((sum, { resources }) => sum + resources, 0),
    };
}

/** Between two steps the engine is not there to stop. */
function assertMayGoOn({ stack, run }: Destruction, next: string): void {
    const step = `this step: ${next}`;
    const goOn = `Go on with npm run destroy -- ${stack}; or bring everything back, protections too, with npm run up -- ${stack}.`;
    if (run.signal.aborted) throw new InterruptedError(`Interrupted before ${step}. ${goOn}`);
    if (run.deadline?.signal.aborted) throw overBefore(run.deadline, step, goOn);
}

/** Waits for something between two steps. */
async function waited<T>(destruction: Destruction, next: string, wait: Promise<T>): Promise<T> {
    try {
        return await wait;
    } catch (error) {
        assertMayGoOn(destruction, next);
        throw error;
    }
}

/** Namespaces that are the stack's own, with what is in them. */
function namespacesOf(config: Config): string[] {
    return [config.app.namespace, ...(installsMonitoring(config) ? [config.monitoring.namespace] : [])];
}

async function unprotect(
    destruction: Destruction,
    resources: readonly StateResource[],
): Promise<OperationResult[]> {
    const { stack, file, handle, run, options } = destruction;
    const protections = protectionsOf(resources);
    if (protections.length === 0) return [];
    assertMayGoOn(destruction, "taking the protections off");
    // The program runs for it.
    assertSecrets(file, stack);
    const began = new Date();
    const result = await takeProtectionsOff({
        stack,
        handle,
        program: () => programWith(withoutProtections),
        protections,
        quiet: run.hooks(() => undefined),
        run: (operation) => run.changing(`Protections of ${stack} taken off`, undefined, operation),
        options: operationOptions(options),
    });
    run.report(`Protections are off: ${protections.map(({ name }) => name).join(", ")}`);
    if (protections.some(({ by }) => by.includes("load balancer"))) {
        const access = await clusterAccess(file.config, resources);
        const waiting =
            access &&
            (await waited(
                destruction,
                "deleting what is in the cluster",
                waitForReconciliation(access, namespacesOf(file.config), began, run.stop),
            ));
        for (const each of waiting ?? []) {
            run.report(
                `warning: the load balancer controller has not said that ${each} is reconciled; if its deletion hangs, look at kubectl -n ${each.replace("/", " describe ingress ")}`,
            );
        }
    }
    return [result];
}

/**
 * Deletes what runs in the cluster first, where it has volumes, and waits until they are gone: the engine waits for
 * namespaces and claims, but not for the storage driver, which it would delete next.
 */
async function destroyVolumes(
    destruction: Destruction,
    resources: readonly StateResource[],
): Promise<OperationResult[]> {
    const { stack, file, handle, run, options } = destruction;
    const { config } = file;
    const exists =
        config.cluster.kind === "existing" ||
        resources.some(({ type }) => type === "aws:eks/cluster:Cluster");
    const access = exists ? await clusterAccess(config, resources) : undefined;
    const namespaces = namespacesOf(config);
    if (!access || (await volumesOf(access, namespaces)).length === 0) return [];
    assertMayGoOn(destruction, "deleting load balancers, workloads and volumes");
    const target = resources
        .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
        .map(({ urn }) => urn);
    const result =
        target.length === 0
            ? []
            : [
                  await run.changing(
                      `Load balancers, workloads and volumes of ${stack}`,
                      undefined,
                      (hooks) =>
                          destroy(handle, hooks, {
                              ...operationOptions(options),
                              target,
                              targetDependents: true,
                          }),
                  ),
              ];
    run.report("Waiting until the volumes are deleted");
    await waited(destruction, "deleting the rest", waitForVolumes(stack, access, namespaces, run.stop));
    return result;
}

/** Looks for what AWS still has, or says how to look. */
async function leftovers({ stack, file, run }: Destruction): Promise<Leftovers | undefined> {
    const { aws, cluster } = file.config;
    if (cluster.kind !== "eks" || !aws) return undefined;
    const { region } = aws;
    try {
        const found = await findLeftovers({ region, stack, clusterName: cluster.name, signal: run.signal });
        formatLeftovers(found).forEach(run.report);
        return found;
    } catch (error) {
        run.report(
            [
                `AWS does not tell what is left (${(error as Error).message}). Look yourself:`,
                ...leftoverCommands(region, stack, cluster.name).map((line) => `  ${line}`),
            ].join("\n"),
        );
        return undefined;
    }
}

async function destroyInOrder(
    destruction: Destruction,
    resources: readonly StateResource[],
): Promise<object> {
    const { stack, file, handle, run, options } = destruction;
    const results: OperationResult[] = [];
    // Who names single resources decides on the order, too.
    if (options.target === undefined) {
        results.push(...(await unprotect(destruction, resources)));
        // A simulated cluster has no storage driver that somebody would have to wait for.
        if (file.config.environment !== "local")
            results.push(...(await destroyVolumes(destruction, resources)));
    }
    assertMayGoOn(destruction, "deleting the rest");
    results.push(
        await run.changing(`Deletion of ${stack}`, undefined, (hooks: OperationHooks) =>
            destroy(handle, hooks, operationOptions(options)),
        ),
    );
    const result = combined(results);
    run.summarise(result);
    return { ...result, leftovers: await leftovers(destruction) };
}

/**
 * Deletes everything a stack holds, protected or not, once that was confirmed: protections off, then what has load
 * balancers and volumes, then the rest. Each step can be repeated, so that the command goes on where it ended.
 */
export async function destroyCommand(
    stack: string,
    options: DestroyOptions,
    signal: AbortSignal,
): Promise<void> {
    const run = new CommandRun("destroy", stack, options, signal);
    await run.conclude(async () => {
        const file = readStackFile(projectFolder, stack);
        const { config } = file;
        const local = config.environment === "local";
        const hooks = { signal, report: buildProgress(run.report) };
        const handle = await selectStack({ folder: projectFolder, stack, local, hooks });
        if (handle === undefined) {
            if (!local) throw noStack(stack, "Is that the right backend? Nothing was deleted.");
            run.report(`There is no stack ${stack}: nothing to delete.`);
            return undefined;
        }
        if (config.cluster.kind === "eks" && config.aws) await assertAccount(config.aws, signal);
        const resources = await stateOf(handle);
        const guarded = config.protect || protectionsOf(resources).length > 0;
        if (!local) formatInventory(stack, inventoryOf(resources)).forEach(run.report);
        await confirmDestroy(
            {
                stack,
                guarded,
                yes: options.yes ?? false,
                ...(options.confirm !== undefined && { confirmed: options.confirm }),
            },
            signal,
        );
        return destroyInOrder({ stack, file, handle, run, options }, resources);
    });
}
