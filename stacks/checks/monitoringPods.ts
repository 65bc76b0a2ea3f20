import { adapterReplicas, requests, type Requests } from "../../infra/platform/monitoring/requests.ts";
import { installsCustomMetrics, installsGrafana, installsMonitoring } from "../features.ts";
import type { Config } from "../schema/index.ts";
import { amount, type PeakPods } from "./peak.ts";

const grafanaSidecars = 2;

function pods(count: number, ...containers: Requests[]): PeakPods {
    const sum = (resource: "cpu" | "memory", unit: number): number =>
        Math.ceil(containers.reduce((total, each) => total + amount(each[resource]) / unit, 0));
    return {
        pods: count,
        resources: { requests: { cpu: `${sum("cpu", 1e-3)}m`, memory: `${sum("memory", 2 ** 20)}Mi` } },
    };
}

/** The pods of monitoring, without those that are on every node. */
export function monitoringPods(config: Config): PeakPods[] {
    if (!installsMonitoring(config)) return [];
    const { prometheus, alertmanager } = config.monitoring;
    const { configReloader, grafanaSidecar } = requests;
    return [
        pods(prometheus.replicas, prometheus, configReloader),
        pods(alertmanager.replicas, requests.alertmanager, configReloader),
        pods(1, requests.operator),
        pods(1, requests.kubeStateMetrics),
        ...(installsGrafana(config)
            ? [pods(1, requests.grafana, ...Array<Requests>(grafanaSidecars).fill(grafanaSidecar))]
            : []),
        ...(installsCustomMetrics(config) ? [pods(adapterReplicas, requests.prometheusAdapter)] : []),
    ];
}
