import { parseQuantity } from "../../stacks/schema/quantity.ts";
import type { Plan, PlannedResource } from "./model.ts";

/** The resources of a plan that have a type, in the order of their names. */
export function ofType(plan: Plan, type: string): PlannedResource[] {
    return plan.resources
        .filter((each) => each.type === type)
        .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/** Reads a path of keys and indexes in a value; undefined where there is none. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
    return path.reduce<unknown>(
        (current, key) =>
            typeof current === "object" && current !== null
                ? (current as Record<string | number, unknown>)[key]
                : undefined,
        value,
    );
}

/** The text at a path, or undefined. */
export function textAt(value: unknown, ...path: (string | number)[]): string | undefined {
    const found = at(value, ...path);
    return typeof found === "string" ? found : undefined;
}

/** The number at a path, or undefined. Providers get some numbers as texts. */
export function numberAt(value: unknown, ...path: (string | number)[]): number | undefined {
    const found = at(value, ...path);
    const number = typeof found === "string" && found !== "" ? Number(found) : found;
    return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** The list at a path; empty where there is none. */
export function listAt(value: unknown, ...path: (string | number)[]): unknown[] {
    const found = at(value, ...path);
    return Array.isArray(found) ? found : [];
}

/** Availability zones of the VPC the plan makes; empty when it makes none. */
export function zones(plan: Plan): string[] {
    return ofType(plan, "awsx:ec2:Vpc").flatMap(({ inputs }) =>
        listAt(inputs, "availabilityZoneNames").map(String),
    );
}

/** A managed node group. */
export interface NodeGroup {
    readonly name: string;
    readonly instanceType: string;
    /** Nodes it starts with. */
    readonly count: number;
    /** Size of a node's volume in GiB; EKS makes 20 when nobody says. */
    readonly volumeGiB: number;
}

const eksVolumeGiB = 20;

/** The managed node groups of a plan. */
export function nodeGroups(plan: Plan): NodeGroup[] {
    const templates = ofType(plan, "aws:ec2/launchTemplate:LaunchTemplate");
    return ofType(plan, "aws:eks/nodeGroup:NodeGroup").map(({ name, inputs, dependsOn }) => {
        const template = templates.find(({ urn }) => dependsOn.includes(urn))?.inputs;
        return {
            name: textAt(inputs, "nodeGroupName") ?? name,
            instanceType: textAt(inputs, "instanceTypes", 0) ?? "unknown",
            count: numberAt(inputs, "scalingConfig", "desiredSize") ?? 0,
            volumeGiB: numberAt(template, "blockDeviceMappings", 0, "ebs", "volumeSize") ?? eksVolumeGiB,
        };
    });
}

/** A Karpenter node pool. */
export interface NodePool {
    readonly name: string;
    /** The pool with the highest weight is used first. */
    readonly weight: number;
    /** `on-demand`, `spot` or both. */
    readonly capacityTypes: string[];
    readonly instanceTypes: string[];
    /** Most cores the pool's nodes may have together, as a Kubernetes quantity. */
    readonly cpuLimit: string | undefined;
    /** Size of all volumes of a node in GiB; Karpenter makes 20 when nobody says. */
    readonly volumeGiB: number;
}

const karpenterVolumeGiB = 20;

/** The node pools of a plan, the preferred one first. */
export function nodePools(plan: Plan): NodePool[] {
    const classes = ofType(plan, "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass");
    return ofType(plan, "kubernetes:karpenter.sh/v1:NodePool")
        .map(({ name, inputs }) => {
            const requirements = listAt(inputs, "spec", "template", "spec", "requirements");
            const allowed = (key: string): string[] =>
                requirements
                    .filter((each) => textAt(each, "key") === key)
                    .flatMap((each) => listAt(each, "values").map(String));
            const className = textAt(inputs, "spec", "template", "spec", "nodeClassRef", "name");
            const nodeClass = classes.find((each) => textAt(each.inputs, "metadata", "name") === className);
            const volumes = listAt(nodeClass?.inputs, "spec", "blockDeviceMappings").map(
                (each) => (parseQuantity(textAt(each, "ebs", "volumeSize") ?? "") ?? 0) / 2 ** 30,
            );
            return {
                name: textAt(inputs, "metadata", "name") ?? name,
                weight: numberAt(inputs, "spec", "weight") ?? 0,
                capacityTypes: allowed("karpenter.sh/capacity-type"),
                instanceTypes: allowed("node.kubernetes.io/instance-type"),
                cpuLimit: textAt(inputs, "spec", "limits", "cpu"),
                volumeGiB: volumes.reduce((sum, size) => sum + size, 0) || karpenterVolumeGiB,
            };
        })
        .toSorted((left, right) => right.weight - left.weight);
}

/** A Deployment or StatefulSet with the pods it has at least and at most. */
export interface PodGroup {
    readonly name: string;
    readonly namespace: string;
    readonly minReplicas: number;
    readonly maxReplicas: number;
    /** Requested cores of one pod. */
    readonly cpu: number;
    /** Requested bytes of one pod. */
    readonly memory: number;
    /** True when its pods would rather not share a node. */
    readonly avoidsSharing: boolean;
}

/** The Deployments and StatefulSets that the program writes itself, not those in charts. */
export function podGroups(plan: Plan): PodGroup[] {
    const autoscalers = ofType(plan, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler");
    return ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"]
        .flatMap((type) => ofType(plan, type))
        .map(({ inputs, name: fallback }) => {
            const name = textAt(inputs, "metadata", "name") ?? fallback;
            const namespace = textAt(inputs, "metadata", "namespace") ?? "default";
            const autoscaler = autoscalers.find(
                (each) =>
                    textAt(each.inputs, "spec", "scaleTargetRef", "name") === name &&
                    textAt(each.inputs, "metadata", "namespace") === namespace,
            )?.inputs;
            const replicas = numberAt(inputs, "spec", "replicas") ?? 1;
            const pod = at(inputs, "spec", "template", "spec");
            const requested = (resource: "cpu" | "memory"): number =>
                listAt(pod, "containers").reduce<number>(
                    (sum, container) =>
                        sum +
                        (parseQuantity(textAt(container, "resources", "requests", resource) ?? "") ?? 0),
                    0,
                );
            return {
                name,
                namespace,
                minReplicas: numberAt(autoscaler, "spec", "minReplicas") ?? replicas,
                maxReplicas: numberAt(autoscaler, "spec", "maxReplicas") ?? replicas,
                cpu: requested("cpu"),
                memory: requested("memory"),
                avoidsSharing: at(pod, "affinity", "podAntiAffinity") !== undefined,
            };
        });
}
