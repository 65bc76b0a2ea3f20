import { CoreV1Api, type KubeConfig, type V1PersistentVolume } from "@kubernetes/client-node";

import { OperationError } from "../errors.ts";
import { waitUntil } from "./waitUntil.ts";

/** Seconds until a volume is detached and deleted: AWS takes up to six minutes to detach one by force. */
const volumeSeconds = 600;

/** A volume that goes when its claim goes. */
export interface Volume {
    /** Name of the PersistentVolume. */
    name: string;
    /** Namespace and name of its claim. */
    claim: string;
    size: string;
}

function volumeOf({ metadata, spec }: V1PersistentVolume): Volume {
    return {
        name: metadata?.name ?? "",
        claim: `${spec?.claimRef?.namespace ?? ""}/${spec?.claimRef?.name ?? ""}`,
        size: spec?.capacity?.["storage"] ?? "",
    };
}

/** Volumes of claims in some namespaces that are deleted with their claims. Kept ones (`Retain`) are none of them. */
export async function volumesOf(access: KubeConfig, namespaces: readonly string[]): Promise<Volume[]> {
    const { items } = await access.makeApiClient(CoreV1Api).listPersistentVolume();
    return items
        .filter(
            ({ spec }) =>
                spec?.persistentVolumeReclaimPolicy === "Delete" &&
                namespaces.includes(spec.claimRef?.namespace ?? ""),
        )
        .map(volumeOf);
}

/** Waits until the storage driver has deleted the volumes. Throws an OperationError that names those that stay. */
export async function waitForVolumes(
    stack: string,
    access: KubeConfig,
    namespaces: readonly string[],
    signal: AbortSignal,
): Promise<void> {
    let left: Volume[] = [];
    const gone = await waitUntil(
        async () => {
            left = await volumesOf(access, namespaces);
            return left.length === 0;
        },
        { seconds: volumeSeconds, signal },
    );
    if (gone) return;
    throw new OperationError(
        [
            `The storage driver has not deleted these volumes within ${volumeSeconds / 60} minutes:`,
            ...left.map(({ name, claim, size }) => `  ${name} of ${claim}, ${size}`),
            `Its events say why: kubectl describe pv ${left[0]?.name ?? ""}`,
            `Then go on: npm run destroy -- ${stack}. Without the driver, which goes next, they would stay in AWS.`,
        ].join("\n"),
    );
}
