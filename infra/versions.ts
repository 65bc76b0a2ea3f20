/** Kubernetes minor version of every environment's cluster; also the version of the Pod Security Standard. */
export const kubernetesVersion = "1.36";

/** Container images of the data stores that run in the cluster. The major versions are those the application is used with. */
export const images = {
    postgres: "docker.io/library/postgres:15.14-alpine",
    redis: "docker.io/library/redis:7.4.5-alpine",
} as const;

/** Helm charts of the platform. */
export const charts = {
    karpenter: "1.14.1",
} as const;
