import type * as k8s from "@pulumi/kubernetes";

/** Spread over zones and nodes, never so strictly that a pod stays Pending. */
export function topologySpread(
    matchLabels: Record<string, string>,
): k8s.types.input.core.v1.TopologySpreadConstraint[] {
    return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels },
        // Count only the new ReplicaSet's pods, or the pods on their way out skew a rollout (KEP-3243).
        matchLabelKeys: ["pod-template-hash"],
    }));
}

/** Prefer a node that runs no other pod of the same kind. */
export function preferredAntiAffinity(matchLabels: Record<string, string>): k8s.types.input.core.v1.Affinity {
    return {
        podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
                {
                    weight: 100,
                    podAffinityTerm: {
                        topologyKey: "kubernetes.io/hostname",
                        labelSelector: { matchLabels },
                    },
                },
            ],
        },
    };
}
