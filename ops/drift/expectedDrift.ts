/** A difference between program and reality that somebody else's work makes, and that nobody has to mend. */
export interface ExpectedDrift {
    /** Types of resources; one that ends in `*` stands for all that begin so. */
    types: readonly string[];
    /** Paths of properties, with what lies within. A last key that ends in `*` stands for all keys that begin so. */
    paths: readonly string[];
    /**
     * Only then: `unset`, where the program leaves the property to others; `sameMajor`, where both values are versions of one
     * major; `grown`, where the number has become larger. Default: always.
     */
    only?: "unset" | "sameMajor" | "grown";
    /** Who changes it, and why that is as it should be. */
    reason: string;
}

/** The rules. A difference that none of them covers is drift. */
export const expectedDrift: readonly ExpectedDrift[] = [
    {
        types: ["kubernetes:apps/v1:Deployment"],
        paths: ["spec.replicas"],
        only: "unset",
        reason: "The HPA scales the Deployment; the program sets no number.",
    },
    {
        types: ["aws:eks/nodeGroup:NodeGroup"],
        paths: ["scalingConfig.desiredSize"],
        reason: "EKS moves the number of nodes between minSize and maxSize, as during a node update.",
    },
    {
        types: ["aws:autoscaling/group:Group"],
        paths: ["desiredCapacity"],
        reason: "The group moves its number of instances between minSize and maxSize.",
    },
    {
        types: ["kubernetes:*"],
        paths: ["status"],
        reason: "Controllers write the status; it tells what is, not what should be.",
    },
    {
        types: ["kubernetes:*"],
        paths: [
            "metadata.creationTimestamp",
            "metadata.generation",
            "metadata.managedFields",
            "metadata.resourceVersion",
            "metadata.selfLink",
            "metadata.uid",
        ],
        reason: "The API server keeps its books in them.",
    },
    {
        types: ["kubernetes:*"],
        paths: [
            'metadata.annotations["deployment.kubernetes.io/revision"]',
            'metadata.annotations["deprecated.daemonset.template.generation"]',
            'metadata.annotations["autoscaling.alpha.kubernetes.io/*"]',
            'metadata.annotations["batch.kubernetes.io/*"]',
            'metadata.annotations["control-plane.alpha.kubernetes.io/*"]',
            'metadata.annotations["pv.kubernetes.io/*"]',
            'metadata.annotations["volume.kubernetes.io/*"]',
            'metadata.annotations["volume.beta.kubernetes.io/*"]',
        ],
        reason: "Kubernetes' own controllers write these annotations.",
    },
    {
        types: ["kubernetes:*"],
        paths: ['spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]'],
        only: "unset",
        reason: "Somebody has restarted the pods with `kubectl rollout restart`, which changes nothing else.",
    },
    {
        types: ["kubernetes:networking.k8s.io/v1:Ingress", "kubernetes:core/v1:Service"],
        paths: ["metadata.finalizers"],
        only: "unset",
        reason: "The load balancer controller holds the object until the load balancer is gone.",
    },
    {
        types: ["kubernetes:core/v1:Service"],
        paths: ["spec.clusterIP", "spec.clusterIPs", "spec.healthCheckNodePort"],
        only: "unset",
        reason: "The API server gives the Service its address.",
    },
    {
        types: ["kubernetes:karpenter.sh/v1:NodePool", "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"],
        paths: [
            "metadata.finalizers",
            'metadata.annotations["karpenter.sh/*"]',
            'metadata.annotations["karpenter.k8s.aws/*"]',
        ],
        only: "unset",
        reason: "Karpenter holds the object until its nodes are gone, and keeps the hash of its content there.",
    },
    {
        types: ["aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"],
        paths: ["engineVersion", "engineVersionActual"],
        only: "sameMajor",
        reason: "AWS updates the minor version in the maintenance window.",
    },
    {
        types: ["aws:rds/instance:Instance"],
        paths: ["allocatedStorage"],
        only: "grown",
        reason: "RDS lets the storage grow, up to data.postgres.maxStorageGiB.",
    },
    {
        types: ["aws:rds/instance:Instance"],
        paths: ["latestRestorableTime", "status"],
        reason: "RDS takes backups all the time, and says what it is doing.",
    },
    {
        types: ["aws:elasticache/replicationGroup:ReplicationGroup"],
        paths: ["memberClusters"],
        only: "unset",
        reason: "ElastiCache replaces nodes that fail.",
    },
    {
        types: ["aws:acm/certificate:Certificate"],
        paths: ["notAfter", "notBefore", "pendingRenewal", "renewalSummaries", "status"],
        reason: "ACM renews the certificate.",
    },
    {
        types: ["aws:sns/topicSubscription:TopicSubscription"],
        paths: ["confirmationWasAuthenticated", "pendingConfirmation"],
        reason: "The recipient has confirmed the subscription.",
    },
    {
        types: ["aws:eks/cluster:Cluster", "aws:eks/addon:Addon"],
        paths: ["modifiedAt", "platformVersion", "status"],
        reason: "AWS updates the platform of the control plane, and says what it is doing.",
    },
    {
        types: ["aws:*"],
        paths: ["lastModified", "lastModifiedDate", "lastUpdated", "lastUpdatedDate", "lastModifiedTime"],
        reason: "AWS notes when it was changed last; what was changed is a property of its own.",
    },
];
