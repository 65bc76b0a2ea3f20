import type { StateResource } from "./state.ts";

/** What becomes of something when a stack is destroyed. */
export interface Fate {
    type: string;
    name: string;
    fate: string;
}

/** What a destroy deletes and what it leaves. */
export interface Inventory {
    /** Number of resources, components and providers not counted. */
    inAws: number;
    inKubernetes: number;
    elsewhere: number;
    /** What holds data. */
    data: Fate[];
    /** What stays, or stays for a while, besides the data. */
    kept: Fate[];
}

function text(value: unknown): string {
    return typeof value === "string" ? value : "";
}

type Describe = (resource: StateResource) => string;

const dataFates: Readonly<Record<string, Describe>> = {
    "aws:rds/instance:Instance": ({ inputs }) => {
        const snapshot = text(inputs["finalSnapshotIdentifier"]);
        const backups =
            inputs["deleteAutomatedBackups"] === false
                ? "; its automated backups stay until they expire"
                : "";
        return inputs["skipFinalSnapshot"] === true || snapshot === ""
            ? `deleted without a snapshot: the data is lost${backups}`
            : `deleted; the last state stays as snapshot ${snapshot}${backups}`;
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": ({ inputs }) => {
        const snapshot = text(inputs["finalSnapshotIdentifier"]);
        return snapshot === ""
            ? "deleted without a snapshot: the data is lost"
            : `deleted; the last state stays as snapshot ${snapshot}`;
    },
    "aws:s3/bucket:Bucket": ({ retained, inputs }) =>
        retained
            ? "stays, with its objects"
            : inputs["forceDestroy"] === true
              ? "deleted with its objects"
              : "deleted if it is empty",
    "kubernetes:apps/v1:StatefulSet": () => "deleted with its volumes: the data is lost",
    "kubernetes:core/v1:PersistentVolumeClaim": () => "deleted with its volume: the data is lost",
};

const keptFates: Readonly<Record<string, Describe>> = {
    "aws:kms/key:Key": ({ inputs }) =>
        `AWS deletes it after ${typeof inputs["deletionWindowInDays"] === "number" ? inputs["deletionWindowInDays"] : 30} days`,
    "aws:secretsmanager/secret:Secret": ({ inputs }) =>
        `AWS deletes it after ${typeof inputs["recoveryWindowInDays"] === "number" ? inputs["recoveryWindowInDays"] : 30} days`,
};

/** Says of everything in a state what becomes of it. */
export function inventoryOf(resources: readonly StateResource[]): Inventory {
    const own = resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
    const count = (prefix: string): number => own.filter(({ type }) => type.startsWith(prefix)).length;
    const [inAws, inKubernetes] = [count("aws:"), count("kubernetes:")];
    const fates = (of: Readonly<Record<string, Describe>>): Fate[] =>
        own.flatMap((resource) => {
            const describe = of[resource.type];
            return describe ? [{ type: resource.type, name: resource.name, fate: describe(resource) }] : [];
        });
    const retained = own
        .filter((each) => each.retained && !(each.type in dataFates))
        .map(({ type, name }) => ({ type, name, fate: "stays" }));
    const expiring = fates(keptFates).filter(({ name }) => !retained.some((each) => each.name === name));
    return {
        inAws,
        inKubernetes,
        elsewhere: own.length - inAws - inKubernetes,
        data: fates(dataFates),
        kept: [...retained, ...expiring],
    };
}

/** The same in lines for people. */
export function formatInventory(stack: string, inventory: Inventory): string[] {
    const { inAws, inKubernetes, elsewhere, data, kept } = inventory;
    const counts = [
        ...(inAws > 0 ? [`${inAws} resources in AWS`] : []),
        ...(inKubernetes > 0 ? [`${inKubernetes} in Kubernetes`] : []),
        ...(elsewhere > 0 ? [`${elsewhere} elsewhere`] : []),
    ];
    const line = ({ type, name, fate }: Fate): string => `  ${type} ${name}: ${fate}`;
    return [
        `${stack} holds ${counts.join(", ") || "nothing"}.`,
        ...(data.length > 0 ? ["Data:", ...data.map(line)] : []),
        ...(kept.length > 0 ? ["Stays, or stays for a while:", ...kept.map(line)] : []),
    ];
}
