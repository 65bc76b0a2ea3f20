/** Kubernetes minor version of every environment's cluster by default; also the version of the Pod Security Standard. */
export const kubernetesVersion = "1.36";

/** Container images beside the application's. The major versions of the data stores are those the application is used with. */
export const images = {
    postgres: "docker.io/library/postgres:15.14-alpine",
    redis: "docker.io/library/redis:7.4.5-alpine",
    /** Applies definitions; its version may differ from the cluster's by one minor. */
    kubectl: "registry.k8s.io/kubectl:v1.36.1",
} as const;

/** A Helm chart where its publisher offers it, in the version that is installed. */
interface PublishedChart {
    readonly chart: string;
    /** Repository with an index; absent for `oci://` addresses. */
    readonly repository?: string;
    readonly version: string;
}

const eksCharts = "https://aws.github.io/eks-charts";
const prometheusCommunity = "https://prometheus-community.github.io/helm-charts";
const karpenterVersion = "1.14.1";

/** Helm charts of the platform, by release name. */
export const charts = {
    karpenter: { chart: "oci://public.ecr.aws/karpenter/karpenter", version: karpenterVersion },
    "karpenter-crd": { chart: "oci://public.ecr.aws/karpenter/karpenter-crd", version: karpenterVersion },
    "aws-load-balancer-controller": {
        chart: "aws-load-balancer-controller",
        repository: eksCharts,
        version: "3.5.0",
    },
    "metrics-server": {
        chart: "metrics-server",
        repository: "https://kubernetes-sigs.github.io/metrics-server",
        version: "3.13.1",
    },
    "prometheus-operator-crds": {
        chart: "prometheus-operator-crds",
        repository: prometheusCommunity,
        version: "31.0.1",
    },
    "kube-prometheus-stack": {
        chart: "kube-prometheus-stack",
        repository: prometheusCommunity,
        version: "88.5.3",
    },
    "prometheus-adapter": {
        chart: "prometheus-adapter",
        repository: prometheusCommunity,
        version: "5.3.0",
    },
} as const satisfies Record<string, PublishedChart>;

/** Name of a chart in `charts`. */
export type ChartName = keyof typeof charts;

/** Names of the EKS add-ons the cluster has. */
export type AddonName =
    | "vpc-cni"
    | "kube-proxy"
    | "coredns"
    | "aws-ebs-csi-driver"
    | "eks-pod-identity-agent"
    | "eks-node-monitoring-agent";

/** What belongs to one Kubernetes minor version on EKS. */
interface KubernetesRelease {
    /** Last day of EKS standard support (Amazon EKS version calendar, August 2026). */
    readonly standardSupportEnds: string;
    /** Newest builds seen for the version in October 2026; `aws eks describe-addon-versions` lists them. */
    readonly addons: Readonly<Record<AddonName, string>>;
    /** Release of the node image, as managed node groups name it. */
    readonly al2023Release: string;
}

/** The Kubernetes versions the program supports: those whose add-ons are pinned. */
export const kubernetesReleases = {
    "1.36": {
        standardSupportEnds: "2027-08-02",
        addons: {
            "vpc-cni": "v1.23.2-eksbuild.1",
            "kube-proxy": "v1.36.0-eksbuild.45",
            coredns: "v1.14.7-eksbuild.11",
            "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
            "eks-pod-identity-agent": "v1.4.0-eksbuild.3",
            "eks-node-monitoring-agent": "v1.7.2-eksbuild.1",
        },
        al2023Release: "1.36.4-20260923",
    },
    "1.35": {
        standardSupportEnds: "2027-03-27",
        addons: {
            "vpc-cni": "v1.23.2-eksbuild.1",
            "kube-proxy": "v1.35.3-eksbuild.29",
            coredns: "v1.14.6-eksbuild.4",
            "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
            "eks-pod-identity-agent": "v1.4.0-eksbuild.3",
            "eks-node-monitoring-agent": "v1.6.4-eksbuild.1",
        },
        al2023Release: "1.35.7-20260911",
    },
} as const satisfies Record<string, KubernetesRelease>;

/** A Kubernetes minor version the program supports. */
export type KubernetesVersion = keyof typeof kubernetesReleases;

/** AMI version, as Karpenter's alias takes it, of the node image of a Kubernetes version. */
export function al2023AmiVersion(version: KubernetesVersion): string {
    return `v${kubernetesReleases[version].al2023Release.split("-")[1] ?? ""}`;
}
