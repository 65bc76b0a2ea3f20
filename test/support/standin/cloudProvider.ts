import { isDeepStrictEqual } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";

import type { provider } from "@pulumi/pulumi";

import { Cloud, type Properties } from "./cloud.ts";
import { outputsOf, idOf, lowered } from "./resources.ts";

export interface CloudOptions {
    version: string;
    /** File of the cloud's log. */
    log: string;
    /** Endpoint and certificate authority of the clusters, from a kubeconfig. */
    cluster: { endpoint: string; certificateAuthority: string };
    /** Milliseconds that creating and deleting take, by type. Default: none. */
    delays: Readonly<Record<string, number>>;
}

/** Properties that cannot change while the resource exists. */
const immutable = new Set([
    "addonName",
    "allocationId",
    "availabilityZone",
    "cidrBlock",
    "clusterName",
    "keepers",
    "length",
    "name",
    "nodeGroupName",
    "nodeRoleArn",
    "policyArn",
    "principalArn",
    "role",
    "subnetId",
    "vpcId",
]);

/** The type and name in a URN. */
export function parseUrn(urn: string): { type: string; name: string } {
    const [, , types = "", name = ""] = urn.split("::");
    return { type: types.split("$").at(-1) ?? "", name };
}

/** A provider of every type of a package: it keeps what it is told and makes the other outputs up. */
export function cloudProvider({ version, log, cluster, delays }: CloudOptions): provider.Provider {
    const cloud = new Cloud(log);
    const delay = (type: string): Promise<void> => sleep(delays[type] ?? 0);
    return {
        version,
        check: (_urn, _olds, news: Properties) => Promise.resolve({ inputs: lowered(news) as Properties }),
        diff: (id, urn, _olds, news: Properties) => {
            const inputs = cloud.find(parseUrn(urn).type, id)?.inputs ?? {};
            const changed = [...new Set([...Object.keys(inputs), ...Object.keys(news)])].filter(
                (key) => !isDeepStrictEqual(inputs[key], news[key]),
            );
            const replaces = changed.filter((key) => immutable.has(key));
            return Promise.resolve({ changes: changed.length > 0, replaces, deleteBeforeReplace: true });
        },
        create: async (urn, inputs: Properties) => {
            const began = Date.now();
            const { type, name } = parseUrn(urn);
            const outputs = outputsOf({ type, name, inputs }, cluster);
            const id = idOf({ type, name, inputs }, outputs);
            await delay(type);
            cloud.create({ urn, type, id, inputs, outputs }, began);
            return { id, outs: outputs };
        },
        read: (id, urn) => {
            const found = cloud.read({ urn, type: parseUrn(urn).type, id });
            return Promise.resolve({
                id: found?.id ?? "",
                props: found?.outputs ?? {},
                inputs: found?.inputs,
            });
        },
        update: async (id, urn, _olds, inputs: Properties) => {
            const began = Date.now();
            const { type, name } = parseUrn(urn);
            const outputs = outputsOf({ type, name, inputs }, cluster);
            await delay(type);
            cloud.update({ urn, type, id, inputs, outputs }, began);
            return { outs: outputs };
        },
        delete: async (id, urn) => {
            const began = Date.now();
            const { type } = parseUrn(urn);
            await delay(type);
            cloud.delete({ urn, type, id }, began);
        },
        invoke: (token) => {
            if (token !== "aws:index/getPartition:getPartition") {
                return Promise.reject(new Error(`the stand-in for AWS has no function ${token}`));
            }
            return Promise.resolve({ outputs: { partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" } });
        },
    };
}
