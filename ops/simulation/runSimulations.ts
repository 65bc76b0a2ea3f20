import { conclude } from "../load/conclude.ts";
import { duration, type Profile } from "../load/profile.ts";
import { prepareFolder } from "../load/report/write.ts";
import type { Run } from "../load/run.ts";
import { screenOf, type Show, withScreen } from "../load/screen.ts";
import type { Expectations } from "../load/verdict.ts";
import { InterruptedError } from "../errors.ts";
import { planStack } from "../plan/planStack.ts";
import type { Plan } from "../plan/model.ts";
import { buildProgress } from "../progress.ts";
import { projectFolder } from "../project.ts";
import { changedConfig } from "./changedConfig.ts";
import type { LoadModel } from "./model.ts";
import { simulate } from "./simulate.ts";
import { withSimulationCluster } from "./simulationCluster.ts";
import { autoscalingOf, cpuOf, type SimulatedTier } from "./workspace.ts";

export interface RunSimulationsArgs {
    stack: string;
    tier: SimulatedTier;
    model: LoadModel;
    profile: Profile;
    /** Keys to change, as in `changedConfig`. With any, the stack as it is and the changed one are compared. */
    settings: readonly string[];
    settleSeconds: number;
    expected: Expectations;
    folder: string;
    svg: boolean;
    signal: AbortSignal;
}

interface Variant {
    label: string;
    plan: Plan;
}

async function variants({ stack, settings }: RunSimulationsArgs): Promise<Variant[]> {
    const all = [{ label: stack, plan: (await planStack(projectFolder, stack)).plan }];
    if (settings.length === 0) return all;
    const changed = await planStack(projectFolder, stack, (config) => changedConfig(config, settings));
    return [
        ...all,
        { label: settings.map((setting) => setting.split(".").at(-1)).join(" "), plan: changed.plan },
    ];
}

/** Milli-CPU that all variants request at most. */
function mostCpu(all: readonly Variant[], tier: SimulatedTier): number {
    return all.reduce(
        (sum, { plan }) => sum + (autoscalingOf(plan, tier).maxReplicas + 1) * cpuOf(plan, tier).request,
        0,
    );
}

/** Lets all begin when the last one is ready, or none when one has failed. */
class StartLine {
    readonly #go = Promise.withResolvers<undefined>();
    #missing: number;

    constructor(count: number) {
        this.#missing = count;
        // Whoever waits is told; nobody need be waiting yet.
        this.#go.promise.catch(() => undefined);
    }

    ready(): Promise<unknown> {
        this.#missing--;
        if (this.#missing === 0) this.#go.resolve(undefined);
        return this.#go.promise;
    }

    fail(reason: unknown): void {
        this.#go.reject(reason);
    }
}

async function runAll(all: readonly Variant[], args: RunSimulationsArgs, show: Show): Promise<Run[]> {
    const { tier, model, profile, settleSeconds, signal } = args;
    const latest: { second: number; line: string }[] = [];
    const running = new Set(all.keys());
    const startLine = new StartLine(all.length);
    const say = (text: string): void => show({ second: 0, now: [text] });
    const hooks = { signal, report: buildProgress(say), step: say };
    return withSimulationCluster(mostCpu(all, tier), hooks, (config) =>
        Promise.all(
            all.map(({ label, plan }, index) =>
                simulate({
                    config,
                    label,
                    plan,
                    tier,
                    model,
                    profile,
                    settleSeconds,
                    namespace: `simulation-${index + 1}`,
                    signal,
                    report: say,
                    begin: () => startLine.ready(),
                    onSample: (sample, events) => {
                        const { second } = sample;
                        const screen = screenOf(sample, events, autoscalingOf(plan, tier));
                        if (all.length === 1) {
                            show(screen);
                            return;
                        }
                        latest[index] = { second, line: `${label}: ${screen.now.join("")}` };
                        // Once a second, when the last one has told.
                        if ([...running].every((other) => latest[other]?.second === second))
                            show({ second, now: latest.map(({ line }) => line) });
                    },
                })
                    .catch((error: unknown) => {
                        startLine.fail(error);
                        throw error;
                    })
                    .finally(() => running.delete(index)),
            ),
        ),
    );
}

/** Simulates a stack, or a stack beside a changed one, on an embedded cluster of its own; then reports. */
export async function runSimulations(args: RunSimulationsArgs): Promise<void> {
    const all = await variants(args);
    prepareFolder(args.folder);
    const labels = all.map(({ label }) => label).join(" beside ");
    const seconds = duration(args.profile);
    const runs = await withScreen(`Simulating ${labels} for ${seconds} s`, (show) =>
        runAll(all, args, show),
    ).catch((error: unknown) => {
        // Before there was anything to report.
        throw args.signal.aborted ? args.signal.reason : error;
    });
    await conclude({
        title: `Simulation of ${labels}`,
        runs,
        expected: args.expected,
        folder: args.folder,
        svg: args.svg,
    });
    if (args.signal.aborted) throw new InterruptedError();
}
