import type { OpType } from "@pulumi/pulumi/automation/index.js";

import { nameOf } from "../changes/nameOf.ts";
import { OperationError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { PlannedStep } from "./events.ts";

/** Types whose replacement or deletion loses data, or stops the traffic. */
const guardedTypes: ReadonlySet<string> = new Set([
    "aws:ec2/vpc:Vpc",
    "aws:eks/cluster:Cluster",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:kms/key:Key",
    "aws:rds/instance:Instance",
    "aws:s3/bucket:Bucket",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:core/v1:Namespace",
    "kubernetes:core/v1:PersistentVolumeClaim",
    "kubernetes:core/v1:Service",
    "kubernetes:networking.k8s.io/v1:Ingress",
]);

const verbs: Partial<Record<OpType, string>> = {
    delete: "delete",
    replace: "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
};

/**
 * Throws an OperationError when a preview shows that something is replaced or deleted that holds data or serves traffic,
 * and that `allowed` does not name by its URN. The message holds the options that would allow it.
 */
export function assertAllowed(steps: readonly PlannedStep[], allowed: readonly string[]): void {
    const refused = new Map<string, string>();
    for (const { op, urn, type, because } of steps) {
        const verb = verbs[op];
        if (verb === undefined || !guardedTypes.has(type) || allowed.includes(urn)) continue;
        const reason = because.length > 0 ? ` because of ${because.join(", ")}` : "";
        // The engine tells of a replacement in several steps; one of them knows the properties.
        if (!refused.has(urn) || reason !== "") refused.set(urn, `${verb} ${type} ${nameOf(urn)}${reason}`);
    }
    if (refused.size === 0) return;
    throw new OperationError(
        [
            "Nothing was changed: this would replace or delete what holds data or serves traffic.",
            ...[...refused.values()].map((line) => `  ${line}`),
            "If that is meant, allow it by name:",
            ...[...refused.keys()].map((urn) => `  --allow-replace '${urn}'`),
        ].join("\n"),
        exitCodes.refused,
    );
}
