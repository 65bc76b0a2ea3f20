import type { Percentiles } from "../load/latencies.ts";
import type { Sample } from "../load/run.ts";

/** Shares of a second's requests that its percentiles stand for: half are at most p50, 45 % up to p95, the rest p99. */
const shares = [
    ["p50", 0.5],
    ["p95", 0.45],
    ["p99", 0.05],
] as const;

function at(points: readonly { value: number; weight: number }[], share: number): number | null {
    const total = points.reduce((sum, { weight }) => sum + weight, 0);
    let passed = 0;
    for (const { value, weight } of points) {
        passed += weight;
        if (passed >= share * total) return value;
    }
    return null;
}

/** Percentiles of a whole run, from those of its seconds, by the number of requests that were answered. */
export function weightedPercentiles(samples: readonly Sample[]): Percentiles {
    const points = samples
        .flatMap((sample) =>
            shares.map(([name, share]) => ({
                value: sample[name],
                weight: sample.answered * share,
            })),
        )
        .filter(
            (point): point is { value: number; weight: number } => point.value !== null && point.weight > 0,
        )
        .sort((one, other) => one.value - other.value);
    return { p50: at(points, 0.5), p95: at(points, 0.95), p99: at(points, 0.99) };
}
