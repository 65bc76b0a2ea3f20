/** Labels, beside the chart's own, by which a Prometheus selects a ServiceMonitor. */
export type MonitorLabels = Readonly<Record<string, string>>;

/** The value `serviceMonitor` of a chart: one with these labels, or none where they are undefined. */
export function serviceMonitorValues(labels: MonitorLabels | undefined) {
    return {
        enabled: labels !== undefined,
        ...(labels && Object.keys(labels).length > 0 && { additionalLabels: { ...labels } }),
    };
}
