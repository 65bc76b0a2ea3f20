import type * as k8s from "@pulumi/kubernetes";

/** A folder a container may write, on an emptyDir. */
export interface WritableFolder {
    /** Name of the volume, a DNS label. */
    name: string;
    /** Absolute path in the container. */
    path: string;
    /** Size at which the pod is evicted, a Kubernetes quantity. */
    sizeLimit: string;
}

/** The volumes of a pod and the mounts of its container for these folders. */
export function writableFolders(folders: readonly WritableFolder[]): {
    volumes: k8s.types.input.core.v1.Volume[];
    volumeMounts: k8s.types.input.core.v1.VolumeMount[];
} {
    return {
        volumes: folders.map(({ name, sizeLimit }) => ({ name, emptyDir: { sizeLimit } })),
        volumeMounts: folders.map(({ name, path }) => ({ name, mountPath: path })),
    };
}
