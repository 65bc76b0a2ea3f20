/** What the kubelet on an EKS node of one instance type sees. */
interface Hardware {
    readonly cpus: number;
    /** Memory in MiB that the operating system leaves of the nominal size. */
    readonly memoryMiB: number;
    /** Pod addresses that the VPC CNI can give with the type's network interfaces. */
    readonly pods: number;
}

/** Instance types that nodes can have. */
export const instanceTypes = {
    "t3.medium": { cpus: 2, memoryMiB: 3827, pods: 17 },
    "t3.large": { cpus: 2, memoryMiB: 7838, pods: 35 },
    "m6i.large": { cpus: 2, memoryMiB: 7748, pods: 29 },
    "m6i.xlarge": { cpus: 4, memoryMiB: 15524, pods: 58 },
} as const satisfies Record<string, Hardware>;

/** Name of an instance type in `instanceTypes`. */
export type InstanceType = keyof typeof instanceTypes;

/** A node's resources, as Kubernetes quantities. */
export interface NodeResources {
    readonly cpu: string;
    readonly memory: string;
    readonly pods: string;
    readonly "ephemeral-storage": string;
}

/** Capacity and allocatable of a node, with what EKS reserves for the kubelet taken off. */
export function nodeResources(type: InstanceType): { capacity: NodeResources; allocatable: NodeResources } {
    const { cpus, memoryMiB, pods }: Hardware = instanceTypes[type];
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
