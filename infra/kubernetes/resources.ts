import type * as k8s from "@pulumi/kubernetes";

/** CPU and memory of one container, as Kubernetes quantities. */
export interface Resources {
    /** What the scheduler reserves and the HPA's utilisation is measured against. */
    requests: { cpu: string; memory: string };
    /** What the container may use at most. */
    limits: { cpu: string; memory: string };
}

/** A plain copy, so that two containers never share one object. */
export function resourceRequirements(resources: Resources): k8s.types.input.core.v1.ResourceRequirements {
    return { requests: { ...resources.requests }, limits: { ...resources.limits } };
}
