import type { PlannedResource } from "../plan/model.ts";

type Inputs = Readonly<Record<string, unknown>>;

/** How long AWS or the cluster takes to make one kind of resource. */
export interface TypicalTime {
    /** Type token of the resource. */
    readonly type: string;
    /** Narrows the entry to some inputs. Default: all. The first entry that fits counts. */
    readonly when?: (inputs: Inputs) => boolean;
    /** Seconds from the request to the end of the engine's wait. */
    readonly seconds: number;
    /** Where the number comes from. Times are minutes:seconds. */
    readonly source: string;
}

/** Seconds until Karpenter's new node is ready, from a pod that fits nowhere: 0:45–1:30 by practitioners' reports. */
export const newNodeSeconds = 90;
/** Seconds to pull an image of a few hundred MB, start the process and pass the first readiness probe. Assumed. */
const podReadySeconds = 20;
/** Seconds until a target group's new target is healthy: registration and two checks, at 10–15 s each. */
const targetHealthySeconds = 30;

const addon =
    (...names: string[]) =>
    (inputs: Inputs): boolean =>
        names.includes(inputs["addonName"] as string);

const release =
    (...names: string[]) =>
    ({ name, chart }: Inputs): boolean =>
        [name, chart].some(
            (each) => typeof each === "string" && names.includes(each.slice(each.lastIndexOf("/") + 1)),
        );

interface PodTemplate {
    spec?: {
        template?: { spec?: { containers?: { readinessProbe?: unknown }[]; nodeSelector?: object } };
    };
}

/** True for pods that go to the nodes of a group, which Karpenter need not make. */
export const onExistingNodes = (inputs: Inputs): boolean =>
    (inputs as PodTemplate).spec?.template?.spec?.nodeSelector !== undefined;

const isProbed = (inputs: Inputs): boolean =>
    ((inputs as PodTemplate).spec?.template?.spec?.containers ?? []).some(
        ({ readinessProbe }) => readinessProbe !== undefined,
    );

const runLogs = "run logs in public repositories";

/**
 * Typical creation times, the middle of what was found. AWS promises none of them; runs differ by a third either way.
 * A remote component (`awsx:`, `eks:`) counts as one resource, with all it makes.
 */
export const typicalTimes: readonly TypicalTime[] = [
    { type: "awsx:ec2:Vpc", seconds: 30, source: `VPC 0:12, subnets 0:12, routes 0:06; ${runLogs}` },
    { type: "aws:ec2/eip:Eip", seconds: 3, source: `0:01–0:06; ${runLogs}` },
    { type: "aws:ec2/natGateway:NatGateway", seconds: 105, source: `1:25–2:05; ${runLogs}` },
    {
        type: "aws:ec2/vpcEndpoint:VpcEndpoint",
        when: ({ vpcEndpointType }) => vpcEndpointType === "Interface",
        seconds: 60,
        source: "assumed: network interfaces in each zone and a private DNS name",
    },
    { type: "eks:index:Cluster", seconds: 590, source: `middle of eight runs, 8:12–11:23; ${runLogs}` },
    { type: "aws:eks/nodeGroup:NodeGroup", seconds: 145, source: `1:28–3:21; ${runLogs}` },
    {
        type: "aws:eks/addon:Addon",
        when: addon("coredns"),
        seconds: 35,
        source: `0:14–0:56 with nodes there; ${runLogs}`,
    },
    {
        type: "aws:eks/addon:Addon",
        when: addon("aws-ebs-csi-driver"),
        seconds: 45,
        source: `0:45; ${runLogs}`,
    },
    {
        type: "aws:eks/addon:Addon",
        seconds: 25,
        source: `kube-proxy and Pod Identity agent 0:25; ${runLogs}`,
    },
    { type: "aws:eks/accessEntry:AccessEntry", seconds: 5, source: "seconds (EKS API reference)" },
    {
        type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        seconds: 5,
        source: "seconds (EKS API reference)",
    },
    { type: "aws:iam/role:Role", seconds: 2, source: "0:01–0:02; maintainers' threads" },
    { type: "aws:iam/policy:Policy", seconds: 2, source: "0:01–0:02; maintainers' threads" },
    { type: "aws:kms/key:Key", seconds: 20, source: `0:12–0:29; ${runLogs}` },
    {
        type: "aws:rds/instance:Instance",
        when: ({ multiAz }) => multiAz === true,
        seconds: 842,
        source: `middle of 10:12, 14:02 and 17:06; ${runLogs}`,
    },
    { type: "aws:rds/instance:Instance", seconds: 360, source: `3:16–8:32 in one zone; ${runLogs}` },
    {
        type: "aws:elasticache/replicationGroup:ReplicationGroup",
        seconds: 483,
        source: `middle of four runs, 5:58–9:15; ${runLogs}`,
    },
    {
        type: "aws:acm/certificateValidation:CertificateValidation",
        seconds: 90,
        source: `0:01–8:52, most below 1:47; ${runLogs}`,
    },
    { type: "aws:route53/record:Record", seconds: 31, source: `0:29–0:33; ${runLogs}` },
    { type: "aws:wafv2/webAcl:WebAcl", seconds: 2, source: `0:02; ${runLogs}` },
    { type: "aws:s3/bucket:Bucket", seconds: 3, source: "0:01–0:05; assumed" },
    {
        type: "kubernetes:helm.sh/v3:Release",
        when: release("karpenter"),
        seconds: 63,
        source: `1:03; ${runLogs}`,
    },
    {
        type: "kubernetes:helm.sh/v3:Release",
        when: release("karpenter-crd"),
        seconds: 5,
        source: "assumed: definitions only, no pod to wait for",
    },
    {
        type: "kubernetes:helm.sh/v3:Release",
        when: release("keda"),
        seconds: 48,
        source: `0:48; ${runLogs}`,
    },
    {
        type: "kubernetes:helm.sh/v3:Release",
        when: release("kube-prometheus-stack"),
        seconds: 137,
        source: `2:17, longer with cold images; ${runLogs}`,
    },
    {
        type: "kubernetes:helm.sh/v3:Release",
        seconds: 45,
        source: `AWS Load Balancer Controller 0:45; ${runLogs}`,
    },
    {
        type: "kubernetes:networking.k8s.io/v1:Ingress",
        seconds: 150,
        source: `load balancer active after 2:19–2:52; ${runLogs}`,
    },
    {
        type: "kubernetes:apps/v1:Deployment",
        when: isProbed,
        seconds: newNodeSeconds + podReadySeconds + targetHealthySeconds,
        source: "a new node 1:30, pod ready 0:20, target healthy 0:30, which its readiness gate waits for",
    },
    {
        type: "kubernetes:apps/v1:Deployment",
        seconds: newNodeSeconds + podReadySeconds,
        source: "a new node 1:30, pod running 0:20",
    },
    {
        type: "kubernetes:apps/v1:StatefulSet",
        seconds: newNodeSeconds + podReadySeconds,
        source: "a new node 1:30, pod ready 0:20",
    },
    {
        type: "kubernetes:batch/v1:Job",
        when: onExistingNodes,
        seconds: podReadySeconds,
        source: "on a node that is there, pod done 0:20",
    },
    {
        type: "kubernetes:batch/v1:Job",
        seconds: newNodeSeconds + podReadySeconds,
        source: "a new node 1:30, pod done 0:20",
    },
];

/** Seconds for an AWS resource without an entry. */
const awsSeconds = 1;
/** Seconds for a Kubernetes object without an entry: some requests to the API server. */
const kubernetesSeconds = 0.5;

/** True for a component that a provider makes: the program sees it as one resource, without its children. */
export function isRemoteComponent({ custom, type }: Pick<PlannedResource, "custom" | "type">): boolean {
    return !custom && /^(awsx|eks):/.test(type);
}

/** Typical seconds to create a resource. 0 for components of the program, providers and what lives in the state only. */
export function typicalSeconds(resource: Pick<PlannedResource, "custom" | "type" | "inputs">): number {
    const { type, inputs } = resource;
    if (!resource.custom && !isRemoteComponent(resource)) return 0;
    const entry = typicalTimes.find((each) => each.type === type && (each.when?.(inputs) ?? true));
    if (entry) return entry.seconds;
    if (/^(aws|awsx|eks):/.test(type)) return awsSeconds;
    return type.startsWith("kubernetes:") ? kubernetesSeconds : 0;
}
