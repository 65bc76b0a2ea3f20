import { LocalClusterError } from "./errors.ts";
import { type InstanceType, instanceTypes } from "../infra/cluster/instanceTypes.ts";
import { clusterFolder } from "./paths.ts";

/** What the embedded cluster looks like. Every field may change from one start to the next. */
export interface ClusterOptions {
    /** Name of the cluster, a DNS label; part of the context name `spywatcher-<name>`. Default: "local". */
    readonly name?: string;
    /** Folder of the cluster's data, logs and kubeconfig. Default: `clusterFolder(name)`. */
    readonly folder?: string;
    /** Number of nodes, 1 to 50, spread evenly over the zones. Default: 3. */
    readonly nodes?: number;
    /** Names of the availability zones. Default: the region's a, b and c. */
    readonly zones?: readonly string[];
    /** Name of the region. Default: "us-east-1". */
    readonly region?: string;
    /** Instance type that decides a node's CPU, memory and number of pods. Default: "m6i.xlarge". */
    readonly instanceType?: InstanceType;
    /** Seconds from a container's start until it is ready, 0 to 3600. Default: 2. */
    readonly podStartupSeconds?: number;
    /** Seconds that the pod of a Job runs, 0 to 3600. Default: 1. */
    readonly jobSeconds?: number;
}

/** Options with every default filled in. */
export type ClusterSettings = Required<ClusterOptions>;

/** Fills the defaults. Fails with a `LocalClusterError` that lists everything that is out of range. */
export function resolveOptions(options: ClusterOptions = {}): ClusterSettings {
    const name = options.name ?? "local";
    const region = options.region ?? "us-east-1";
    const settings: ClusterSettings = {
        name,
        folder: options.folder ?? clusterFolder(name),
        nodes: options.nodes ?? 3,
        zones: options.zones ?? ["a", "b", "c"].map((letter) => region + letter),
        region,
        instanceType: options.instanceType ?? "m6i.xlarge",
        podStartupSeconds: options.podStartupSeconds ?? 2,
        jobSeconds: options.jobSeconds ?? 1,
    };
    const problems = [
        ...(isLabel(name)
            ? []
            : [`name: "${name}" is not a DNS label (a-z, 0-9 and -, at most 40 characters)`]),
        ...range("nodes", settings.nodes, 1, 50, true),
        ...(settings.zones.length > 0 && settings.zones.every(isLabel)
            ? []
            : [`zones: ${JSON.stringify(settings.zones)} is not a list of at least one DNS label`]),
        ...(isLabel(region) ? [] : [`region: "${region}" is not a DNS label`]),
        ...(Object.hasOwn(instanceTypes, settings.instanceType)
            ? []
            : [
                  `instanceType: "${settings.instanceType}" is none of ${Object.keys(instanceTypes).join(", ")}`,
              ]),
        ...range("podStartupSeconds", settings.podStartupSeconds, 0, 3600, false),
        ...range("jobSeconds", settings.jobSeconds, 0, 3600, false),
    ];
    if (problems.length > 0) {
        throw new LocalClusterError(
            `The options of the embedded cluster are not valid:\n  ${problems.join("\n  ")}`,
        );
    }
    return settings;
}

function isLabel(text: string): boolean {
    return /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(text);
}

function range(field: string, value: number, low: number, high: number, whole: boolean): string[] {
    return value >= low && value <= high && (!whole || Number.isInteger(value))
        ? []
        : [`${field}: ${value} is not a ${whole ? "whole " : ""}number from ${low} to ${high}`];
}
