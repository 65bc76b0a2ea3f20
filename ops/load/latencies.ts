import { build, type Histogram } from "hdr-histogram-js";

/** Milliseconds; null when nothing was measured. */
export interface Percentiles {
    p50: number | null;
    p95: number | null;
    p99: number | null;
}

export interface LatencySummary extends Percentiles {
    mean: number | null;
    max: number | null;
}

const microseconds = 1000;

/** Latencies with three significant digits, from a microsecond to a minute. */
export class Latencies {
    readonly #histogram: Histogram = build({
        lowestDiscernibleValue: 1,
        highestTrackableValue: 60_000 * microseconds,
        numberOfSignificantValueDigits: 3,
        bitBucketSize: 32,
    });

    record(milliseconds: number): void {
        const { highestTrackableValue } = this.#histogram;
        const value = Math.round(milliseconds * microseconds);
        this.#histogram.recordValue(Math.min(Math.max(value, 1), highestTrackableValue));
    }

    percentiles(): Percentiles {
        return { p50: this.#at(50), p95: this.#at(95), p99: this.#at(99) };
    }

    summary(): LatencySummary {
        const { mean, maxValue, totalCount } = this.#histogram;
        const any = totalCount > 0;
        return {
            ...this.percentiles(),
            mean: any ? mean / microseconds : null,
            max: any ? maxValue / microseconds : null,
        };
    }

    reset(): void {
        this.#histogram.reset();
    }

    #at(percentile: number): number | null {
        const histogram = this.#histogram;
        return histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(percentile) / microseconds;
    }
}
