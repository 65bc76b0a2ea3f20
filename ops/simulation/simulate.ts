import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";

import { OperationError } from "../errors.ts";
import { duration, type Profile, rateAt } from "../load/profile.ts";
import type { Run, Sample, ScalingEvent } from "../load/run.ts";
import { Timeline } from "../load/timeline.ts";
import { WorkloadWatch } from "../load/workloadWatch.ts";
import type { Plan } from "../plan/model.ts";
import { waitFor } from "../../local/wait.ts";
import { type LoadModel, loadModels } from "./model.ts";
import { simulateLoad } from "./simulatedLoad.ts";
import { weightedPercentiles } from "./weightedPercentiles.ts";
import { cpuOf, createWorkspace, type SimulatedTier } from "./workspace.ts";

export interface SimulationArgs {
    /** An embedded cluster. */
    config: KubeConfig;
    /** What tells this simulation from another in the same report. */
    label: string;
    /** What the program would make; its Deployment, HPA and budget are simulated. */
    plan: Plan;
    tier: SimulatedTier;
    model: LoadModel;
    /** Namespace to make for it. It is deleted afterwards. */
    namespace: string;
    profile: Profile;
    /** Awaited when the pods are ready, before the load begins. By itself it begins just after the HPA has looked. */
    begin?: () => Promise<unknown>;
    /** Seconds to go on after the profile, without requests, until the fewest pods run again. Default: 0. */
    settleSeconds?: number;
    /** Told while pods start. */
    report?: (text: string) => void;
    onSample?: (sample: Sample, events: readonly ScalingEvent[]) => void;
    signal?: AbortSignal | undefined;
}

/** Seconds until the first pods are ready and the HPA knows what they use. */
const startSeconds = 240;

/** Runs a workload of a plan under a simulated load, in a namespace of its own. Ends early when the signal is aborted. */
export async function simulate(args: SimulationArgs): Promise<Run> {
    const { config, namespace, plan, tier, model } = args;
    const core = config.makeApiClient(CoreV1Api);
    await createWorkspace(config, {
        plan,
        tiers: [tier],
        namespace,
        models: { ...loadModels, [tier]: model },
    });
    try {
        return await run(args);
    } finally {
        await core.deleteNamespace({ name: namespace });
    }
}

async function run(args: SimulationArgs): Promise<Run> {
    const { config, namespace, plan, tier, model, profile, signal } = args;
    let timeline: Timeline | undefined;
    const watch = await WorkloadWatch.open({
        config,
        namespace,
        deployment: `spywatcher-${tier}`,
        onScaled: (event) => timeline?.scaled(event),
    });
    try {
        const { minReplicas } = watch.workload;
        args.report?.("waiting for the first pods and their metrics");
        await waitFor(
            () => {
                const { ready, cpu } = watch.state();
                return Promise.resolve(cpu !== null && (ready ?? 0) >= minReplicas ? true : undefined);
            },
            { what: `the ${tier} without load`, seconds: startSeconds, signal },
        );
        await args.begin?.();
        const began = new Date();
        timeline = new Timeline(() => watch.state());
        const { samples, events } = timeline;
        const seconds = duration(profile);
        const last = seconds + (args.settleSeconds ?? 0);
        const atFloor = (): boolean =>
            watch.state().desired === minReplicas && watch.pods().length === minReplicas;
        await simulateLoad({
            config,
            watch,
            model,
            rateAt: (second) => rateAt(profile, second),
            cpuLimit: cpuOf(plan, tier).limit,
            signal,
            goOn: (second) => second < seconds || (second < last && !atFloor()),
            onSecond: (second) => {
                const sample = timeline?.add(second);
                if (sample) args.onSample?.(sample, events);
            },
        });
        const failed = Math.round(samples.reduce((sum, { errors }) => sum + errors, 0));
        if (samples.length === 0) throw new OperationError("The simulation was ended before it began.");
        return {
            label: args.label,
            kind: "simulation",
            target: `${tier} of the stack ${plan.stack}: ${describeModel(model)}`,
            startedAt: began.toISOString(),
            profile,
            workload: watch.workload,
            samples,
            events,
            errors: failed === 0 ? {} : { "no answer in time": failed },
            latency: weightedPercentiles(samples),
            notes: [],
            interrupted: signal?.aborted ?? false,
        };
    } finally {
        await watch.stop();
    }
}

function describeModel({ cpuPerRequest, startupSeconds, memory, serviceMs }: LoadModel): string {
    return `${cpuPerRequest}m CPU for each request per second, ${memory} MiB a pod, ${startupSeconds} s to start, ${serviceMs} ms a request`;
}
