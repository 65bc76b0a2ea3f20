/** Grafana's data source that the chart makes for its Prometheus. */
export const prometheusSource = { type: "prometheus", uid: "prometheus" } as const;

/** Grafana's data source for the account's CloudWatch. */
export const cloudWatchSource = { type: "cloudwatch", uid: "cloudwatch" } as const;

/** The data source of CloudWatch as Grafana is provisioned with it. Credentials are those of the pod. */
export function cloudWatchDataSource(region: string) {
    return {
        name: "CloudWatch",
        ...cloudWatchSource,
        access: "proxy",
        editable: false,
        jsonData: { authType: "default", defaultRegion: region },
    };
}
