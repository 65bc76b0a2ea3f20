/** Samples of one metric, one for each step of a case. */
export interface InputSeries {
    /** As PromQL writes it: name and labels. */
    readonly series: string;
    /** In promtool's notation: `2x15` is 2 sixteen times, `0+3x9` grows by 3, `_` is no sample, `stale` ends the series. */
    readonly values: string;
}

/** What happens to the application, and what one alert does about it. */
export interface RuleCase {
    readonly alert: string;
    /** What happens, as the end of a sentence. */
    readonly when: string;
    readonly series: readonly InputSeries[];
    /** Minutes between samples, and between evaluations. Default: 1. */
    readonly stepMinutes?: number;
    /** The alert fires at that minute, and not at the step before. */
    readonly fires?: {
        readonly atMinute: number;
        /** Labels besides the rule's own. */
        readonly labels: Readonly<Record<string, string>>;
        readonly description: string;
    };
    /** The alert does not fire at any step until that minute. */
    readonly silentMinutes?: number;
    /** First minute at which it must not fire. Default: 0. */
    readonly silentFrom?: number;
}

function labelled(metric: string, labels: Readonly<Record<string, string>>): string {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    return `${metric}{${pairs.join(",")}}`;
}

/** A series with just these labels. */
export function series(metric: string, labels: Record<string, string>, values: string | number): InputSeries {
    // A plain number stands for all of the case: 3 days in steps of a minute are no case here.
    return {
        series: labelled(metric, labels),
        values: typeof values === "number" ? `${values}x1500` : values,
    };
}

const namespace = "spywatcher";

/** A series of kube-state-metrics about the application's namespace, with the labels of the exporter's own pod. */
export function kube(metric: string, labels: Record<string, string>, values: string | number): InputSeries {
    return series(
        `kube_${metric}`,
        { namespace, job: "kube-state-metrics", instance: "10.0.1.7:8080", ...labels },
        values,
    );
}

/** A series that the kubelet exports about a container. */
export function cadvisor(
    metric: string,
    labels: Record<string, string>,
    values: string | number,
): InputSeries {
    return series(
        `container_${metric}`,
        {
            namespace,
            job: "kubelet",
            metrics_path: "/metrics/cadvisor",
            instance: "10.0.1.2:10250",
            ...labels,
        },
        values,
    );
}

/** A series of one backend pod. */
export function backend(
    metric: string,
    labels: Record<string, string>,
    values: string | number,
): InputSeries {
    return series(
        metric,
        { namespace, service: "spywatcher-backend", pod: "spywatcher-backend-7d4b9-x2x4q", ...labels },
        values,
    );
}

/** Every value for `minutes` steps: `stretch([2, 10], [5, 3])` is 2 ten times, then 5 three times. */
export function stretch(...parts: readonly (readonly [value: number | string, steps: number])[]): string {
    return parts.map(([value, steps]) => `${value}x${steps - 1}`).join(" ");
}

/** A counter that grows by one at each of these minutes, until `minutes`. */
export function countsAt(minutes: number, events: readonly number[]): string {
    return Array.from(
        { length: minutes + 1 },
        (_, minute) => events.filter((event) => event <= minute).length,
    ).join(" ");
}
