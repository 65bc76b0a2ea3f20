import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type AutoscalingArgs, horizontalPodAutoscalerSpec } from "./autoscaling.ts";
import { type DisruptionBudget, podDisruptionBudgetSpec } from "./disruptionBudget.ts";
import { appLabel, objectLabels, selectorLabels, type Tier } from "../kubernetes/labels.ts";
import { type PodTemplateArgs, podTemplate } from "./podTemplate.ts";
import { type MonitorArgs, serviceMonitor } from "./serviceMonitor.ts";

export interface ServiceArgs {
    /** Port of the Service; it leads to the container's port `http`. Default: 80. */
    port?: number;
    /** Seconds a client keeps its pod inside the cluster (ClientIP affinity). Default: no affinity. */
    sessionAffinitySeconds?: number;
    /** Annotations for the load balancer's target group. */
    annotations?: Record<string, string>;
    /** Has a Prometheus scrape the pods. Default: no ServiceMonitor. */
    monitor?: MonitorArgs | undefined;
}

/** What the pods of a workload may talk to; everything else is closed. */
export interface NetworkFlows {
    ingress: pulumi.Input<k8s.types.input.networking.v1.NetworkPolicyIngressRule[]>;
    egress: k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
}

/** Many replicas under an HPA and a PodDisruptionBudget. */
export interface Autoscaled {
    autoscaling: AutoscalingArgs;
    disruptionBudget: DisruptionBudget;
    /** What serves CPU and memory of pods, and has to outlive the HPA. Default: it is there already. */
    metricsReady?: readonly pulumi.Resource[] | undefined;
}

/**
 * Seconds the engine waits longer than Kubernetes: the engine does not end at `ProgressDeadlineExceeded`, but at its own
 * timeout, and tells then what Kubernetes says. Kubernetes needs a few seconds to say it (pulumi-kubernetes,
 * await/deployment.go).
 */
const verdictSeconds = 15;

export interface WorkloadArgs {
    namespace: pulumi.Input<string>;
    tier: Tier;
    pod: Omit<PodTemplateArgs, "tier" | "serviceAccountName" | "spread">;
    /** A Service in front of the pods. Default: none. */
    service?: ServiceArgs;
    /** How many replicas: under an HPA, or exactly one that is never doubled, not even during an update. */
    replicas: Autoscaled | "singleton";
    /** Seconds until a rollout that is not done is given up. The old pods go on serving. */
    rolloutTimeoutSeconds: number;
    network: NetworkFlows;
    /** What must exist before the first pod. */
    startAfter?: pulumi.Resource[] | Promise<pulumi.Resource[]>;
}

/** ServiceAccount, Service, NetworkPolicy, Deployment, HPA and PodDisruptionBudget of one tier, named `spywatcher-<tier>`. */
export class Workload extends pulumi.ComponentResource {
    readonly deployment: k8s.apps.v1.Deployment;
    readonly service: k8s.core.v1.Service | undefined;

    constructor(name: string, args: WorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:app:Workload", name, {}, opts);
        const { namespace, tier } = args;
        const objectName = `${appLabel}-${tier}`;
        const labels = objectLabels(tier);
        const matchLabels = selectorLabels(tier);
        const metadata = { name: objectName, namespace, labels };

        const serviceAccount = new k8s.core.v1.ServiceAccount(
            `${name}-service-account`,
            { metadata, automountServiceAccountToken: false },
            { parent: this },
        );
        const networkPolicy = new k8s.networking.v1.NetworkPolicy(
            `${name}-network-policy`,
            {
                metadata,
                spec: { podSelector: { matchLabels }, policyTypes: ["Ingress", "Egress"], ...args.network },
            },
            { parent: this },
        );
        this.service =
            args.service && this.createService(`${name}-service`, metadata, args.service, matchLabels);
        if (args.service?.monitor) {
            const { definitions, labels: selected } = args.service.monitor;
            serviceMonitor(
                `${name}-monitor`,
                { ...metadata, labels: { ...selected, ...labels } },
                matchLabels,
                { parent: this, dependsOn: [...definitions] },
            );
        }

        // A promise, not an Output, which would search the whole resources for unknown values.
        const earlier: Promise<pulumi.Resource[]> = Promise.resolve(args.startAfter ?? []);
        const startAfter: Promise<pulumi.Resource[]> = earlier.then((all) => [...all, networkPolicy]);
        const timeout = `${args.rolloutTimeoutSeconds + verdictSeconds}s`;
        const autoscaled = args.replicas === "singleton" ? undefined : args.replicas;
        this.deployment = new k8s.apps.v1.Deployment(
            `${name}-deployment`,
            {
                metadata,
                spec: {
                    // With an HPA the replica count is the HPA's alone: a number here would reset it on every update.
                    ...(autoscaled === undefined && { replicas: 1 }),
                    revisionHistoryLimit: 10,
                    progressDeadlineSeconds: args.rolloutTimeoutSeconds,
                    selector: { matchLabels },
                    strategy: autoscaled
                        ? { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
                        : { type: "Recreate" },
                    template: podTemplate({
                        ...args.pod,
                        tier,
                        serviceAccountName: serviceAccount.metadata.name,
                        spread: autoscaled !== undefined,
                    }),
                },
            },
            {
                parent: this,
                dependsOn: startAfter,
                customTimeouts: { create: timeout, update: timeout },
            },
        );
        if (autoscaled) {
            new k8s.autoscaling.v2.HorizontalPodAutoscaler(
                `${name}-hpa`,
                {
                    metadata: { ...metadata, name: `${objectName}-hpa` },
                    spec: horizontalPodAutoscalerSpec(objectName, autoscaled.autoscaling),
                },
                { parent: this, dependsOn: [this.deployment, ...(autoscaled.metricsReady ?? [])] },
            );
            new k8s.policy.v1.PodDisruptionBudget(
                `${name}-pdb`,
                {
                    metadata: { ...metadata, name: `${objectName}-pdb` },
                    spec: podDisruptionBudgetSpec(matchLabels, autoscaled.disruptionBudget),
                },
                { parent: this, dependsOn: [this.deployment] },
            );
        }
        this.registerOutputs({});
    }

    private createService(
        name: string,
        metadata: { name: string; namespace: pulumi.Input<string>; labels: Record<string, string> },
        args: ServiceArgs,
        selector: Record<string, string>,
    ): k8s.core.v1.Service {
        return new k8s.core.v1.Service(
            name,
            {
                metadata: {
                    ...metadata,
                    // The Service comes before its pods, so that the load balancer can gate them: never wait for endpoints.
                    annotations: { ...args.annotations, "pulumi.com/skipAwait": "true" },
                },
                spec: {
                    type: "ClusterIP",
                    selector,
                    ports: [{ name: "http", port: args.port ?? 80, targetPort: "http", protocol: "TCP" }],
                    ...(args.sessionAffinitySeconds !== undefined && {
                        sessionAffinity: "ClientIP",
                        sessionAffinityConfig: { clientIP: { timeoutSeconds: args.sessionAffinitySeconds } },
                    }),
                },
            },
            { parent: this },
        );
    }
}
