import { steady } from "../../ops/load/profile.ts";
import type { Run } from "../../ops/load/run.ts";
import { runOf, sample } from "./runs.ts";

/** A spike as it looks with the defaults, the same in every run of the tests. */
export function exampleRun(label: string, pods: number): Run {
    const profile = [steady("load", 90, 100, 50), steady("idle", 30, 0, 50)];
    const samples = Array.from({ length: 120 }, (_, second) => {
        const load = second < 90 ? 100 : 0;
        const errors = second > 20 && second < 35 ? 20 : 0;
        const ready = second < 35 ? 2 : pods;
        return sample(second, {
            intended: load,
            started: load,
            answered: load - errors,
            errors,
            ...(load > 0 && { p50: 400 / ready, p95: 1600 / ready, p99: 2400 / ready }),
            ready,
            desired: second < 15 ? 2 : pods,
            cpu: second < 15 ? 4 : second < 44 ? 144 : second < 95 ? 288 / pods : 4,
        });
    });
    return runOf(profile, samples, {
        label,
        events: [{ second: 15, from: 2, to: pods, reason: "cpu above <target>" }],
        errors: { "HTTP 503": 280 },
    });
}
