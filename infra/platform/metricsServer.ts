import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { chartArgs, type ChartOverrides } from "./chart.ts";
import { type ControllerResources, controllerResources, hostSpread, onSystemNodes } from "./placement.ts";
import { type MonitorLabels, serviceMonitorValues } from "./serviceMonitorValues.ts";

export interface MetricsServerArgs {
    /** Copies; all of them answer. */
    replicas: number;
    /** Labels of the system nodes. Default: any node, two copies on one if there is no other. */
    systemNodeSelector?: Readonly<Record<string, string>> | undefined;
    /** Serve its own metrics and make a ServiceMonitor with these labels; its definition must exist. Default: none. */
    serviceMonitor?: MonitorLabels | undefined;
    /** Other places to get the chart from. */
    charts?: ChartOverrides | undefined;
    /** What its pods need until the end: nodes, DNS. */
    startAfter: pulumi.Input<pulumi.Resource[]>;
}

const name = "metrics-server";

/** What upstream advises up to 100 nodes. */
const resources: ControllerResources = { cpu: "100m", memory: "200Mi", memoryLimit: "400Mi" };

/** Ten years. The chart's upgrades keep the certificate there is, so with its default the API would stop after one. */
const certificateDays = 3650;

/**
 * How often metrics-server looks: the shortest it accepts, and the time a kubelet has to answer must then be less than
 * 9 s. The chart's 15 s is 5 s more until an HPA sees that load has come.
 */
const resolution = ["--metric-resolution=10s", "--kubelet-request-timeout=5s"];

/** metrics-server: CPU and memory of pods and nodes, for the HPAs and `kubectl top`. */
export class MetricsServer extends pulumi.ComponentResource {
    /**
     * The API `metrics.k8s.io`: HPAs come after it. It need not outlive namespaces, although none can be deleted while an
     * API is registered that nobody answers: Helm takes the registration away first.
     */
    readonly ready: pulumi.Resource[];

    constructor(resourceName: string, args: MetricsServerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:platform:MetricsServer", resourceName, {}, opts);
        const release = new k8s.helm.v3.Release(
            `${resourceName}-release`,
            {
                name,
                namespace: "kube-system",
                ...chartArgs(name, metricsServerValues(args), args.charts),
            },
            { parent: this, dependsOn: args.startAfter },
        );
        this.ready = [release];
        this.registerOutputs({});
    }
}

function metricsServerValues(args: MetricsServerArgs) {
    const { systemNodeSelector, serviceMonitor } = args;
    return {
        fullnameOverride: name,
        replicas: args.replicas,
        // After the chart's own flags, of which the last one counts.
        args: resolution,
        resources: controllerResources(resources),
        priorityClassName: "system-cluster-critical",
        ...(systemNodeSelector && onSystemNodes(systemNodeSelector)),
        topologySpreadConstraints: hostSpread(
            { chart: name, release: name },
            systemNodeSelector ? "hard" : "soft",
        ),
        // With one copy it would block every drain. A copy that cannot become ready must not block one either.
        podDisruptionBudget: {
            enabled: args.replicas > 1,
            maxUnavailable: 1,
            unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
        // The API server believes the certificate of the chart's making only, not any.
        apiService: { insecureSkipTLSVerify: false },
        // `lookup` keeps it at an upgrade: with a new one the API would fail until the old pods are gone.
        tls: { type: "helm", helm: { lookup: true, certDurationDays: certificateDays } },
        metrics: { enabled: serviceMonitor !== undefined },
        serviceMonitor: serviceMonitorValues(serviceMonitor),
    };
}
