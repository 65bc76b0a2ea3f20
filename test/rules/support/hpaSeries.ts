import { type InputSeries, kube } from "./ruleCase.ts";

const horizontalpodautoscaler = "spywatcher-backend-hpa";

/** Labels of an alert about the backend's HPA. */
export const hpaLabels = { namespace: "spywatcher", horizontalpodautoscaler };

/** Samples in promtool's notation, or one value throughout. */
export type Values = string | number;

/** A series about the backend's HPA. */
export function hpa(metric: string, values: Values, more: Record<string, string> = {}): InputSeries {
    return kube(`horizontalpodautoscaler_${metric}`, { horizontalpodautoscaler, ...more }, values);
}

/** An HPA with these bounds and that many pods. */
export function replicas(current: Values, minimum = 2, maximum = 10): InputSeries[] {
    return [
        hpa("status_current_replicas", current),
        hpa("status_desired_replicas", current),
        hpa("spec_min_replicas", minimum),
        hpa("spec_max_replicas", maximum),
    ];
}
