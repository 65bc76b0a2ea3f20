import { InterruptedError, OperationError } from "../errors.ts";
import { confirm } from "../confirm.ts";
import { assertReachable, connect, type ConnectOptions } from "../kubernetesAccess.ts";
import { projectFolder } from "../project.ts";
import { readStackFile } from "../stackFile.ts";
import { conclude } from "./conclude.ts";
import { generateLoad, type LoadResult } from "./generator.ts";
import { type Profile, steady } from "./profile.ts";
import { prepareFolder } from "./report/write.ts";
import type { Run } from "./run.ts";
import { type Show, screenOf, withScreen } from "./screen.ts";
import { shortfallNote } from "./shortfall.ts";
import { assertAnswers, limitNotes, targetUrl } from "./target.ts";
import { Timeline } from "./timeline.ts";
import type { Expectations } from "./verdict.ts";
import { WorkloadWatch } from "./workloadWatch.ts";

export interface LoadTestArgs extends ConnectOptions {
    stack: string;
    url?: string | undefined;
    /** The target outside the stack, or the protected stack, is meant. */
    yes: boolean;
    /** Namespace of the workloads. Default: the configuration's. */
    namespace?: string | undefined;
    /** Undefined to watch only, until the signal. */
    profile: Profile | undefined;
    /** Seconds to watch on after the load, until the fewest pods run. */
    settleSeconds: number;
    expected: Expectations;
    folder: string;
    svg: boolean;
    signal: AbortSignal;
}

/** Watching ends by the signal; a day is as good as for ever. */
const watchSeconds = 86_400;

async function measure(
    args: LoadTestArgs,
    watch: WorkloadWatch,
    url: URL | undefined,
    begin: () => Timeline,
    show: Show,
): Promise<{ result: LoadResult; timeline: Timeline }> {
    const { profile, settleSeconds, signal } = args;
    const settled = new AbortController();
    const timeline = begin();
    const load = profile ?? [steady("watch", watchSeconds, 0, 1)];
    const loaded = load.reduce((sum, { seconds }) => sum + seconds, 0);
    const { minReplicas } = watch.workload;
    const result = await generateLoad({
        url: url ?? new URL("http://127.0.0.1"),
        profile: settleSeconds > 0 ? [...load, steady("settle", settleSeconds, 0, 1)] : load,
        signal: AbortSignal.any([signal, settled.signal]),
        onSecond: (second) => {
            const sample = timeline.add(second);
            show(screenOf(sample, timeline.events, watch.workload));
            const { ready, desired } = sample;
            if (second.second > loaded && desired === minReplicas && ready === minReplicas) settled.abort();
        },
    });
    return { result, timeline };
}

/** Loads a stack's target and watches what the cluster does, or only watches; then reports. */
export async function loadTest(args: LoadTestArgs): Promise<void> {
    const { stack, profile, signal } = args;
    const { config } = readStackFile(projectFolder, stack);
    const url = profile && targetUrl({ config, folder: projectFolder, url: args.url, yes: args.yes });
    const mostRate = Math.max(0, ...(profile ?? []).flatMap(({ from, to }) => [from, to]));
    let timeline: Timeline | undefined;
    const kubeconfig = connect(config, args, projectFolder);
    await assertReachable(kubeconfig);
    if (profile && config.protect && !args.yes) {
        await confirm(`The stack ${stack} is protected, and its users would feel the load.`, signal);
    }
    const watch = await WorkloadWatch.open({
        config: kubeconfig,
        namespace: args.namespace ?? config.app.namespace,
        // Requests to the frontend's host are answered by its static pages and load no backend.
        deployment:
            url?.hostname === config.app.hosts.frontend ? "spywatcher-frontend" : "spywatcher-backend",
        onScaled: (event) => timeline?.scaled(event),
    });
    let run: Run;
    prepareFolder(args.folder);
    try {
        const inactive = watch.inactive();
        if (inactive !== undefined && profile) {
            throw new OperationError(`${inactive} \`npm run validate -- ${stack}\` says what is missing.`);
        }
        if (url) await assertAnswers(url);
        const startedAt = new Date().toISOString();
        const title = url ? `Load on ${url.href}` : `Watching ${watch.workload.deployment} until Ctrl-C`;
        const measured = await withScreen(title, (show) =>
            measure(args, watch, url, () => (timeline = new Timeline(() => watch.state())), show),
        );
        const { result } = measured;
        run = {
            label: stack,
            kind: "load test",
            target: url?.href ?? watch.workload.deployment,
            startedAt,
            profile: profile ?? [],
            workload: watch.workload,
            samples: measured.timeline.samples,
            events: measured.timeline.events,
            errors: result.errors,
            latency: { p50: result.latency.p50, p95: result.latency.p95, p99: result.latency.p99 },
            notes: [
                ...(url ? limitNotes(config, url, mostRate) : []),
                ...(result.shortfall ? [shortfallNote(result.shortfall)] : []),
            ],
            // Watching has no other end.
            interrupted: signal.aborted && profile !== undefined,
        };
    } finally {
        await watch.stop();
    }
    if (run.samples.length === 0)
        throw new OperationError("Ended before the first second: there is nothing to report.");
    await conclude({
        title: `Load test of ${stack}`,
        runs: [run],
        expected: profile ? args.expected : undefined,
        folder: args.folder,
        svg: args.svg,
    });
    if (signal.aborted && profile) throw new InterruptedError();
}
