import {
    type KubeConfig,
    KubernetesObjectApi,
    type V2HorizontalPodAutoscalerSpec,
} from "@kubernetes/client-node";

import { kubernetesObjects } from "../plan/format.ts";
import type { Plan } from "../plan/model.ts";
import type { ScalingBounds } from "../load/run.ts";
import { OperationError } from "../errors.ts";
import { amount } from "../validate/placement.ts";
import type { LoadModel } from "./model.ts";

export type SimulatedTier = "backend" | "frontend";

/** The part of a Deployment that the simulation reads or changes. */
interface DeploymentSpec {
    template: {
        metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
        spec: Record<string, unknown> & {
            containers: (Record<string, unknown> & {
                resources: { requests: { cpu: string }; limits: { cpu: string } };
            })[];
        };
    };
}

interface Manifest {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string; labels?: Record<string, string> };
    spec?: unknown;
}

export interface WorkspaceArgs {
    plan: Plan;
    tiers: readonly SimulatedTier[];
    namespace: string;
    /** What the pods of each tier use until they get requests, and how long they start. */
    models: Readonly<Record<SimulatedTier, LoadModel>>;
}

/** Label of every namespace a simulation makes. */
export const simulationLabel = "spywatcher.local/simulation";

/** The annotations from which the metrics of simulated nodes are made: CPU in milli-CPU, memory in MiB. */
export function usageAnnotations(cpu: number, memory: number): Record<string, string> {
    return { "kwok.x-k8s.io/usage-cpu": `${cpu}m`, "kwok.x-k8s.io/usage-memory": `${memory}Mi` };
}

function planned(plan: Plan, kind: string, name: string): Manifest {
    const found = (kubernetesObjects(plan) as Manifest[]).find(
        (each) => each.kind === kind && each.metadata.name === name,
    );
    if (!found) throw new OperationError(`The stack ${plan.stack} has no ${kind} ${name}.`);
    return found;
}

function without<T extends object>(object: T, fields: readonly string[]): T {
    return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field))) as T;
}

/** A pod that no settings, secrets, accounts or classes must exist for. */
function standAlone(spec: DeploymentSpec, model: LoadModel): DeploymentSpec {
    return {
        ...spec,
        template: {
            metadata: {
                ...spec.template.metadata,
                annotations: {
                    ...spec.template.metadata.annotations,
                    "kwok.x-k8s.io/startup-delay": `${model.startupSeconds}s`,
                    ...usageAnnotations(model.idleCpu, model.memory),
                },
            },
            spec: {
                ...without(spec.template.spec, ["priorityClassName", "serviceAccountName", "volumes"]),
                containers: spec.template.spec.containers.map((container) =>
                    without(container, ["envFrom", "env", "volumeMounts"]),
                ),
            },
        },
    };
}

/**
 * The plan's Deployments, HPAs and PodDisruptionBudgets in a namespace of their own, under the plan's quota. The HPA,
 * resources, probes, spread and update strategy are the program's.
 */
export function workspaceObjects({ plan, tiers, namespace, models }: WorkspaceArgs): Manifest[] {
    const inNamespace = ({ metadata, ...rest }: Manifest): Manifest => ({
        ...rest,
        metadata: { ...metadata, namespace },
    });
    const source = (kubernetesObjects(plan) as Manifest[]).find(
        ({ kind, metadata }) =>
            kind === "Namespace" &&
            metadata.name === planned(plan, "Deployment", "spywatcher-backend").metadata.namespace,
    );
    return [
        {
            apiVersion: "v1",
            kind: "Namespace",
            metadata: {
                name: namespace,
                labels: { ...source?.metadata.labels, name: namespace, [simulationLabel]: "true" },
            },
        },
        inNamespace(planned(plan, "ResourceQuota", "spywatcher-quota")),
        inNamespace(planned(plan, "LimitRange", "spywatcher-limit-range")),
        ...tiers.flatMap((tier) => {
            const name = `spywatcher-${tier}`;
            const deployment = planned(plan, "Deployment", name);
            const spec = standAlone(deployment.spec as DeploymentSpec, models[tier]);
            return [
                inNamespace({ ...deployment, spec }),
                inNamespace(planned(plan, "HorizontalPodAutoscaler", `${name}-hpa`)),
                inNamespace(planned(plan, "PodDisruptionBudget", `${name}-pdb`)),
            ];
        }),
    ];
}

/** Creates a simulation's objects, each after the one before. */
export async function createWorkspace(config: KubeConfig, args: WorkspaceArgs): Promise<void> {
    const api = KubernetesObjectApi.makeApiClient(config);
    for (const object of workspaceObjects(args)) {
        // The Pulumi annotations of the plan mean nothing here, and the types want a creation's own form.
        await api.create(object);
    }
}

/** Bounds and targets of a tier's HPA, as the plan has them. */
export function autoscalingOf(plan: Plan, tier: SimulatedTier): ScalingBounds {
    const spec = planned(plan, "HorizontalPodAutoscaler", `spywatcher-${tier}-hpa`)
        .spec as V2HorizontalPodAutoscalerSpec;
    const target = (name: string): number | null =>
        spec.metrics?.find(({ resource }) => resource?.name === name)?.resource?.target.averageUtilization ??
        null;
    return {
        minReplicas: spec.minReplicas ?? 1,
        maxReplicas: spec.maxReplicas,
        cpuTarget: target("cpu"),
        memoryTarget: target("memory"),
    };
}

/** CPU request and limit of a tier's pod in milli-CPU, as the plan has them. */
export function cpuOf(plan: Plan, tier: SimulatedTier): { request: number; limit: number } {
    const { spec } = planned(plan, "Deployment", `spywatcher-${tier}`);
    const [container] = (spec as DeploymentSpec).template.spec.containers;
    if (!container) throw new OperationError(`The ${tier} has no container.`);
    const { requests, limits } = container.resources;
    return { request: milli(requests.cpu), limit: milli(limits.cpu) };
}

function milli(quantity: string): number {
    return Math.round(amount(quantity) * 1000);
}
