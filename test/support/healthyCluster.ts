import { checks } from "../../ops/validate/checks/index.ts";
import { type Kind, kinds } from "../../ops/validate/kinds.ts";
import type { Context, Finding } from "../../ops/validate/model.ts";
import { Planned, plannedObjects } from "../../ops/validate/planned.ts";
import type { ReadError } from "../../ops/validate/readError.ts";
import { runChecks } from "../../ops/validate/runChecks.ts";
import { listPath, type Read, Snapshot } from "../../ops/validate/snapshot.ts";
import type { Config, ConfigInput } from "../../stacks/schema/index.ts";
import { configOf, type DeepPartial, planOf } from "./plans.ts";

/** Time of the tests, and an hour before it, when everything was made. */
const now = Date.UTC(2026, 10, 25, 12);
const made = new Date(now - 3_600_000).toISOString();

const plurals: Record<string, string> = {
    Ingress: "ingresses",
    NetworkPolicy: "networkpolicies",
    StorageClass: "storageclasses",
    EC2NodeClass: "ec2nodeclasses",
    PriorityClass: "priorityclasses",
};

/** What a kind is called in the API's paths. */
export const pluralOf = (kind: string): string => plurals[kind] ?? `${kind.toLowerCase()}s`;

const zones = ["a", "b", "c"];

function node(zone: string): any {
    return {
        metadata: { name: `node-${zone}`, labels: { "topology.kubernetes.io/zone": zone } },
        spec: { providerID: `test:///${zone}` },
        status: {
            allocatable: { cpu: "4", memory: "16Gi", pods: "50" },
            conditions: [{ type: "Ready", status: "True" }],
        },
    };
}

function pod(runner: any, index: number): any {
    const { metadata, spec } = structuredClone(runner.spec.template);
    return {
        metadata: {
            name: `${String(runner.metadata.name)}-${index}`,
            namespace: runner.metadata.namespace,
            uid: `${String(runner.metadata.name)}-${index}`,
            creationTimestamp: made,
            labels: metadata.labels,
        },
        spec: { ...spec, nodeName: `node-${zones[index] ?? ""}` },
        status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    };
}

function slice(service: any, pods: any[]): any {
    const selector = Object.entries(service.spec.selector as Record<string, string>);
    return {
        metadata: {
            name: `${String(service.metadata.name)}-x`,
            labels: { "kubernetes.io/service-name": service.metadata.name },
        },
        endpoints: pods
            .filter(({ metadata }) => selector.every(([key, value]) => metadata.labels[key] === value))
            .map(({ metadata }, index) => ({
                addresses: [`10.0.0.${index + 1}`],
                conditions: { ready: true },
                targetRef: { uid: metadata.uid },
            })),
    };
}

/** What the controllers would have written. */
const statusOf: Record<string, (object: any) => unknown> = {
    Namespace: () => ({ phase: "Active" }),
    Deployment: () => ({
        observedGeneration: 1,
        replicas: 2,
        updatedReplicas: 2,
        readyReplicas: 2,
        availableReplicas: 2,
    }),
    StatefulSet: () => ({
        observedGeneration: 1,
        replicas: 1,
        updatedReplicas: 1,
        readyReplicas: 1,
        availableReplicas: 1,
    }),
    HorizontalPodAutoscaler: () => ({
        currentReplicas: 2,
        conditions: [
            { type: "AbleToScale", status: "True" },
            { type: "ScalingActive", status: "True" },
        ],
        currentMetrics: ["cpu", "memory"].map((name) => ({
            type: "Resource",
            resource: { name, current: { averageUtilization: 10 } },
        })),
    }),
    PodDisruptionBudget: () => ({ disruptionsAllowed: 1, expectedPods: 2, currentHealthy: 2 }),
    Ingress: () => ({ loadBalancer: { ingress: [{ hostname: "lb.example.com" }] } }),
    ResourceQuota: ({ spec }) => ({
        hard: spec.hard,
        used: { "requests.cpu": "2", "requests.memory": "4Gi" },
    }),
};

/** A cluster that is as planned and well, to be broken by a test. */
export class HealthyCluster {
    readonly config: Config;
    readonly planned: Planned;
    readonly #reads = new Map<string, any[] | ReadError>();
    readonly #plurals: Map<string, string>;

    private constructor(config: Config, planned: Planned) {
        this.config = config;
        this.planned = planned;
        this.#plurals = new Map(
            planned.objects.map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, pluralOf(kind)]),
        );
        const { namespace } = planned;
        for (const object of planned.objects) {
            const { apiVersion, kind, metadata } = object;
            const path = listPath(apiVersion, pluralOf(kind), metadata.namespace);
            const live = structuredClone(object) as any;
            live.metadata.generation = 1;
            if (kind === "Deployment") live.spec.replicas = 2;
            const status = statusOf[kind]?.(live);
            if (status !== undefined) live.status = status;
            this.#put(path, [...((this.#reads.get(path) as any[] | undefined) ?? []), live]);
        }
        const pods = planned
            .runners()
            .flatMap((runner) =>
                (runner.kind === "Deployment" ? [0, 1] : [2]).map((index) => pod(runner, index)),
            );
        const podMetrics = pods.map(({ metadata }) => ({
            metadata: { name: metadata.name },
            containers: [{ name: "any", usage: { cpu: "12345678n", memory: "20480Ki" } }],
        }));
        const made: [Kind<unknown>, any[]][] = [
            [kinds.nodes, zones.map(node)],
            [kinds.pods, pods],
            [kinds.allPods, pods],
            [kinds.podMetrics, podMetrics],
            [kinds.nodeMetrics, zones.map((zone) => ({ metadata: { name: `node-${zone}` } }))],
            [kinds.endpointSlices, planned.of(kinds.services).map((each) => slice(each, pods))],
            [
                kinds.apiServices,
                [
                    {
                        metadata: { name: "v1beta1.metrics.k8s.io" },
                        status: { conditions: [{ type: "Available", status: "True" }] },
                    },
                ],
            ],
        ];
        for (const [kind, items] of made) this.set(kind, items);
        for (const kind of Object.values<Kind<unknown>>(kinds)) {
            const path = listPath(
                kind.apiVersion,
                kind.resource,
                kind.scope === "namespace" ? namespace : undefined,
            );
            if (!this.#reads.has(path)) this.#put(path, []);
        }
    }

    static async of(stack: string, change: DeepPartial<ConfigInput> = {}): Promise<HealthyCluster> {
        const config = configOf(stack, change);
        const plan = await planOf(stack, change, { unknown: true });
        return new HealthyCluster(config, plannedObjects(plan, config.app.namespace, stack === "local"));
    }

    #put(path: string, items: any[] | ReadError): void {
        this.#reads.set(path, items);
    }

    #path({ apiVersion, resource, scope }: Kind<unknown>): string {
        return listPath(apiVersion, resource, scope === "namespace" ? this.planned.namespace : undefined);
    }

    /** Replaces all objects of a kind, or the answer to the question for them. */
    set(kind: Kind<unknown>, items: any[] | ReadError): void {
        this.#put(this.#path(kind), items);
    }

    /** Replaces the answer at a path. */
    setAt(path: string, items: any[] | ReadError): void {
        this.#put(path, items);
    }

    /** All objects of a kind, to be changed. */
    all(kind: Kind<unknown>): any[] {
        return this.#reads.get(this.#path(kind)) as any[];
    }

    /** One object, to be changed. */
    the(kind: Kind<unknown>, name: string): any {
        const found = this.all(kind).find(({ metadata }) => metadata.name === name);
        if (!found) throw new Error(`the cluster has no ${kind.kind} ${name}`);
        return found;
    }

    /** Removes one object. */
    remove(kind: Kind<unknown>, name: string): void {
        this.set(
            kind,
            this.all(kind).filter(({ metadata }) => metadata.name !== name),
        );
    }

    /** What the checks see. */
    context(config = this.config): Context {
        const { planned } = this;
        const reads = this.#reads as ReadonlyMap<string, Read>;
        return {
            config,
            planned,
            now,
            cluster: new Snapshot(planned.namespace, "v1.36.3", reads, this.#plurals),
        };
    }

    findings(config = this.config): Finding[] {
        return runChecks(checks, this.context(config));
    }

    /** Everything that is neither passed nor skipped, one text each. */
    faults(config = this.config): string[] {
        return this.findings(config)
            .filter(({ status, check }) => status === "fail" || (status === "warn" && check !== "images"))
            .map(({ status, check, object, message }) => `${status} ${check}: ${object}: ${message}`);
    }
}
