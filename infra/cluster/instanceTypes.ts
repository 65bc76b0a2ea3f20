export type Architecture = "amd64" | "arm64";

interface Hardware {
    readonly architecture: Architecture;
    readonly cpus: number;
    /** Nominal memory. */
    readonly memoryGiB: number;
    /** Pod addresses that the VPC CNI can give with the type's network interfaces, prefixes aside. */
    readonly pods: number;
}

const medium = { cpus: 2, memoryGiB: 4, pods: 17 };
const burstableLarge = { cpus: 2, memoryGiB: 8, pods: 35 };
const burstableXlarge = { cpus: 4, memoryGiB: 16, pods: 58 };
const computeLarge = { cpus: 2, memoryGiB: 4, pods: 29 };
const computeXlarge = { cpus: 4, memoryGiB: 8, pods: 58 };
const computeDoubleXlarge = { cpus: 8, memoryGiB: 16, pods: 58 };
const generalLarge = { cpus: 2, memoryGiB: 8, pods: 29 };
const generalXlarge = { cpus: 4, memoryGiB: 16, pods: 58 };
const generalDoubleXlarge = { cpus: 8, memoryGiB: 32, pods: 58 };
const memoryLarge = { cpus: 2, memoryGiB: 16, pods: 29 };
const memoryXlarge = { cpus: 4, memoryGiB: 32, pods: 58 };

const amd64 = { architecture: "amd64" } as const;
const arm64 = { architecture: "arm64" } as const;

/** Instance types that nodes can have: cores, memory and interfaces as the Amazon EC2 instance type guide gives them. */
export const instanceTypes = {
    "t3.medium": { ...amd64, ...medium },
    "t3.large": { ...amd64, ...burstableLarge },
    "t3.xlarge": { ...amd64, ...burstableXlarge },
    "t3a.medium": { ...amd64, ...medium },
    "t3a.large": { ...amd64, ...burstableLarge },
    "t3a.xlarge": { ...amd64, ...burstableXlarge },
    "c6i.large": { ...amd64, ...computeLarge },
    "c6i.xlarge": { ...amd64, ...computeXlarge },
    "c6a.large": { ...amd64, ...computeLarge },
    "c6a.xlarge": { ...amd64, ...computeXlarge },
    "c7i.large": { ...amd64, ...computeLarge },
    "c7i.xlarge": { ...amd64, ...computeXlarge },
    "c7i.2xlarge": { ...amd64, ...computeDoubleXlarge },
    "c7a.xlarge": { ...amd64, ...computeXlarge },
    "m6i.large": { ...amd64, ...generalLarge },
    "m6i.xlarge": { ...amd64, ...generalXlarge },
    "m6i.2xlarge": { ...amd64, ...generalDoubleXlarge },
    "m6a.large": { ...amd64, ...generalLarge },
    "m6a.xlarge": { ...amd64, ...generalXlarge },
    "m7i.large": { ...amd64, ...generalLarge },
    "m7i.xlarge": { ...amd64, ...generalXlarge },
    "m7i.2xlarge": { ...amd64, ...generalDoubleXlarge },
    "m7i-flex.large": { ...amd64, ...generalLarge },
    "m7i-flex.xlarge": { ...amd64, ...generalXlarge },
    "m7a.xlarge": { ...amd64, ...generalXlarge },
    "r6i.large": { ...amd64, ...memoryLarge },
    "r6i.xlarge": { ...amd64, ...memoryXlarge },
    "r7i.large": { ...amd64, ...memoryLarge },
    "r7i.xlarge": { ...amd64, ...memoryXlarge },
    "t4g.medium": { ...arm64, ...medium },
    "t4g.large": { ...arm64, ...burstableLarge },
    "t4g.xlarge": { ...arm64, ...burstableXlarge },
    "c7g.large": { ...arm64, ...computeLarge },
    "c7g.xlarge": { ...arm64, ...computeXlarge },
    "m7g.large": { ...arm64, ...generalLarge },
    "m7g.xlarge": { ...arm64, ...generalXlarge },
    "m7g.2xlarge": { ...arm64, ...generalDoubleXlarge },
    "m8g.large": { ...arm64, ...generalLarge },
    "m8g.xlarge": { ...arm64, ...generalXlarge },
    "r7g.large": { ...arm64, ...memoryLarge },
    "r7g.xlarge": { ...arm64, ...memoryXlarge },
} as const satisfies Record<string, Hardware>;

/** Name of an instance type in `instanceTypes`. */
export type InstanceType = keyof typeof instanceTypes;

/** Names of all instance types, for a schema. */
export const instanceTypeNames = Object.keys(instanceTypes) as [InstanceType, ...InstanceType[]];

/** The processor architecture of an instance type. */
export function architectureOf(type: InstanceType): Architecture {
    return instanceTypes[type].architecture;
}

/** A node's resources, as Kubernetes quantities. */
export interface NodeResources {
    readonly cpu: string;
    readonly memory: string;
    readonly pods: string;
    readonly "ephemeral-storage": string;
}

/** Share of the nominal memory that hypervisor and kernel take, as Karpenter reckons (`vmMemoryOverheadPercent`). */
const memoryOverhead = 0.075;

/** Capacity and allocatable of a node, with what EKS reserves for the kubelet taken off. */
export function nodeResources(type: InstanceType): { capacity: NodeResources; allocatable: NodeResources } {
    const { cpus, memoryGiB, pods }: Hardware = instanceTypes[type];
    const memoryMiB = Math.floor(memoryGiB * 1024 * (1 - memoryOverhead));
    const shared = { pods: String(pods) };
    return {
        capacity: { cpu: String(cpus), memory: `${memoryMiB}Mi`, "ephemeral-storage": "20Gi", ...shared },
        allocatable: {
            cpu: `${cpus * 1000 - reservedMillicores(cpus)}m`,
            memory: `${memoryMiB - reservedMiB(pods)}Mi`,
            "ephemeral-storage": "18Gi",
            ...shared,
        },
    };
}

/** EKS reserves 6 % of the first core, 1 % of the second, 0.5 % of the next two and 0.25 % of each further one. */
function reservedMillicores(cpus: number): number {
    return Array.from({ length: cpus }, (_, core) => [60, 10, 5, 5][core] ?? 2.5).reduce(
        (sum, part) => sum + part,
        0,
    );
}

/** EKS reserves 255 MiB and 11 MiB per pod, and evicts below 100 MiB. */
function reservedMiB(pods: number): number {
    return 255 + 11 * pods + 100;
}
