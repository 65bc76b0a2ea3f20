import { createHash } from "node:crypto";

import { computedOutputs, type Registration } from "../../../ops/plan/computedOutputs.ts";
import type { Properties } from "./cloud.ts";
import { namedTypes } from "./references.ts";

/** Marks of special values in the engine's protocol. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";

function secret(value: unknown): unknown {
    return { [signatureKey]: secretSignature, value };
}

/** The value with references to resources replaced by their ids, and archives by their hash: AWS keeps no more of code. */
export function lowered(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(lowered);
    if (typeof value !== "object" || value === null) return value;
    const record = value as Properties;
    if (record[signatureKey] === resourceSignature) return record["id"];
    if (record[signatureKey] === archiveSignature) return record["hash"];
    return Object.fromEntries(Object.entries(record).map(([key, each]) => [key, lowered(each)]));
}

/** How EC2's ids begin. The schemas of Kubernetes objects that hold one ask for its form. */
const ec2Prefixes: Readonly<Record<string, string>> = {
    "aws:ec2/eip:Eip": "eipalloc",
    "aws:ec2/flowLog:FlowLog": "fl",
    "aws:ec2/internetGateway:InternetGateway": "igw",
    "aws:ec2/launchTemplate:LaunchTemplate": "lt",
    "aws:ec2/natGateway:NatGateway": "nat",
    "aws:ec2/routeTable:RouteTable": "rtb",
    "aws:ec2/securityGroup:SecurityGroup": "sg",
    "aws:ec2/subnet:Subnet": "subnet",
    "aws:ec2/vpc:Vpc": "vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
};

/** An id that only one resource has, whatever the names of other types' resources are. */
function madeUpId({ type, name }: Registration): string {
    const prefix = ec2Prefixes[type];
    if (prefix !== undefined) return `${prefix}-0${name.toLowerCase().replaceAll(/[^a-z0-9]/g, "")}`;
    return `${type.split(":").at(-1)?.toLowerCase() ?? ""}-${name}-id`;
}

/** True for texts of the form that the ids made up here have. */
export function isMadeUpId(text: string): boolean {
    return (
        text.endsWith("-id") ||
        new RegExp(`^(${Object.values(ec2Prefixes).join("|")})-0[a-z0-9]+$`).test(text)
    );
}

/** The id that AWS's provider gives a resource: for some types its name, URL or ARN. */
export function idOf(registration: Registration, outputs: Properties): string {
    if (namedTypes.has(registration.type)) return String(outputs["name"]);
    if (registration.type === "aws:sqs/queue:Queue") return String(outputs["url"]);
    if (registration.type === "aws:iam/policy:Policy") return String(outputs["arn"]);
    return madeUpId(registration);
}

function clusterOutputs(
    { name, inputs }: Registration,
    cluster: { endpoint: string; certificateAuthority: string },
): Properties {
    const { eksCluster } = computedOutputs({ type: "eks:index:Cluster", name, inputs }) as {
        eksCluster: { vpcConfig: Properties };
    };
    return {
        ...eksCluster,
        endpoint: cluster.endpoint,
        certificateAuthority: { data: cluster.certificateAuthority },
        vpcConfig: { ...(inputs["vpcConfig"] as Properties), ...eksCluster.vpcConfig },
        identities: [],
        status: "ACTIVE",
    };
}

/** Looks random and is the same in every run. */
function password({ name, inputs }: Registration): string {
    const digest = createHash("sha512").update(name).digest("hex");
    return digest.slice(0, Number(inputs["length"]));
}

function computed(
    registration: Registration,
    cluster: { endpoint: string; certificateAuthority: string },
): Properties {
    switch (registration.type) {
        case "aws:eks/cluster:Cluster":
            return clusterOutputs(registration, cluster);
        case "random:index/randomPassword:RandomPassword":
            return { result: secret(password(registration)) };
        default:
            return computedOutputs(registration);
    }
}

/** A resource's outputs: its inputs, and what plans make up for its type. */
export function outputsOf(
    registration: Registration,
    cluster: { endpoint: string; certificateAuthority: string },
): Properties {
    const { name, inputs } = registration;
    // The ids that plans make up are unique among resources of one type only.
    const text = JSON.stringify(computed(registration, cluster)).replaceAll(
        `${name}-id"`,
        `${madeUpId(registration)}"`,
    );
    return { ...inputs, ...(JSON.parse(text) as Properties) };
}
