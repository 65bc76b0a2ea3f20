import type * as k8s from "@pulumi/kubernetes";

import { kubernetesVersion } from "../versions.ts";

/** Namespace labels that put the `restricted` Pod Security Standard in force. */
export function restrictedNamespaceLabels(): Record<string, string> {
    return Object.fromEntries(
        ["enforce", "audit", "warn"].flatMap((mode) => [
            [`pod-security.kubernetes.io/${mode}`, "restricted"],
            [`pod-security.kubernetes.io/${mode}-version`, `v${kubernetesVersion}`],
        ]),
    );
}

/** Pod security context of the `restricted` standard. `userId` is the user and group of every process. */
export function restrictedPod(userId: number): k8s.types.input.core.v1.PodSecurityContext {
    return {
        runAsNonRoot: true,
        runAsUser: userId,
        runAsGroup: userId,
        fsGroup: userId,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
    };
}

/** Container security context of the `restricted` standard, with a root file system that cannot be written. */
export function restrictedContainer(): k8s.types.input.core.v1.SecurityContext {
    return {
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
    };
}
