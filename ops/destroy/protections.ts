import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";

import { differences } from "../changes/differences.ts";
import { unknownValue } from "../changes/fromEvents.ts";
import { maskCredentials } from "../changes/mask.ts";
import { nameOf } from "../changes/nameOf.ts";
import { pathSteps } from "../changes/paths.ts";
import { OperationError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { StateResource } from "./state.ts";

const ingressType = "kubernetes:networking.k8s.io/v1:Ingress";
const loadBalancerAttributes = "alb.ingress.kubernetes.io/load-balancer-attributes";
const attributesPath = `metadata.annotations["${loadBalancerAttributes}"]`;

/** Something that keeps a resource from being deleted. */
export interface Protection {
    urn: string;
    type: string;
    name: string;
    /** `engine`: Pulumi refuses. `provider`: AWS refuses. `load balancer`: its controller refuses. */
    by: ("engine" | "provider" | "load balancer")[];
}

function attributesOf(ingress: Record<string, unknown>): string {
    const { annotations } = (ingress["metadata"] ?? {}) as { annotations?: Record<string, unknown> };
    const value = annotations?.[loadBalancerAttributes];
    return typeof value === "string" ? value : "";
}

/** Everything in a state that keeps something from being deleted. */
export function protectionsOf(resources: readonly StateResource[]): Protection[] {
    return resources.flatMap(({ urn, type, name, protect, inputs }) => {
        const by: Protection["by"] = [
            ...(protect ? ["engine" as const] : []),
            ...(inputs["deletionProtection"] === true ? ["provider" as const] : []),
            ...(type === ingressType && attributesOf(inputs).includes("deletion_protection.enabled=true")
                ? ["load balancer" as const]
                : []),
        ];
        return by.length === 0 ? [] : [{ urn, type, name, by }];
    });
}

/** The properties that the step may change, by type. */
const allowedPaths: Readonly<Record<string, string>> = {
    "aws:eks/cluster:Cluster": "deletionProtection",
    "aws:rds/instance:Instance": "deletionProtection",
    [ingressType]: attributesPath,
};

function isJustProtection({ type, old, new: next }: StepEventMetadata): boolean {
    if (type !== ingressType) return true;
    const rest = (state: typeof old): string =>
        attributesOf(state?.inputs ?? {})
            .split(",")
            .filter((each) => !each.startsWith("deletion_protection.enabled="))
            .join(",");
    return rest(old) === rest(next);
}

/** True for an input that is known only when the update runs: whether it will differ, a preview cannot tell. */
function isUnknown(inputs: unknown, path: string): boolean {
    let value = inputs;
    for (const step of pathSteps(path)) {
        if (value === unknownValue) return true;
        value = (value as Record<string | number, unknown> | undefined)?.[step];
    }
    return value === unknownValue;
}

const harmless: ReadonlySet<string> = new Set(["same", "refresh", "read", "read-discard"]);

/** What a step would change besides protections, a line each. */
function beyondProtections(step: StepEventMetadata): string[] {
    const { op, type, urn, old, new: next, detailedDiff, diffs } = step;
    // The stack itself has outputs only. What a provider's step means shows in the steps of its resources: of one for a
    // cluster that is updated, a preview may not know the kubeconfig.
    if (harmless.has(op) || type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:")) return [];
    const where = `${type} ${nameOf(urn)}`;
    if (op !== "update") return [`${op} ${where}`];
    const paths = new Set(
        [
            ...differences(old?.inputs, next?.inputs).map(({ path }) => path),
            ...Object.keys(detailedDiff ?? {}),
            ...(diffs ?? []),
        ].filter((path) => !isUnknown(next?.inputs, path)),
    );
    // The diff of some providers names the outermost property alone.
    const others = [...paths].filter((path) => {
        const allowed = allowedPaths[type];
        return path !== allowed && !(allowed?.startsWith(`${path}.`) ?? false);
    });
    // Objects in a cluster whose provider is not known yet are updated without a difference.
    const isNamed = paths.size > 0 || type.startsWith("kubernetes:");
    if (others.length === 0 && isNamed && isJustProtection(step)) return [];
    const named = others.length > 0 ? others : [...paths];
    return [`update ${where} (${named.map(maskCredentials).sort().join(", ") || "somewhere"})`];
}

/** Throws an OperationError when the preview of the step would change anything but protections. */
export function assertOnlyProtections(stack: string, events: readonly EngineEvent[]): void {
    const lines = events.flatMap(({ resourcePreEvent }) =>
        resourcePreEvent ? beyondProtections(resourcePreEvent.metadata) : [],
    );
    if (lines.length === 0) return;
    throw new OperationError(
        [
            "Nothing was deleted: taking the protections off would change more than them, since the program or the stack file is not what the last up has deployed.",
            ...[...new Set(lines)].map((line) => `  ${line}`),
            `Check out the commit that is deployed, or bring the stack up to date first: npm run up -- ${stack}`,
        ].join("\n"),
        exitCodes.refused,
    );
}

/** Throws an OperationError when something is protected still. */
export function assertUnprotected(stack: string, resources: readonly StateResource[]): void {
    const left = protectionsOf(resources);
    if (left.length === 0) return;
    throw new OperationError(
        [
            "Nothing was deleted: these are protected still, and the program does not have them any more.",
            ...left.map(({ type, name }) => `  ${type} ${name}`),
            "If they may go:",
            ...left.map(({ urn }) => `  pulumi state unprotect --stack ${stack} '${urn}'`),
        ].join("\n"),
        exitCodes.refused,
    );
}
