import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { AwsAccount } from "../../aws/account.ts";
import { publishStatements } from "../../aws/alertTopic.ts";
import { PodIdentity } from "../../cluster/podIdentity.ts";
import { contentName } from "../../kubernetes/contentName.ts";
import { type AlertRouting, heartbeat } from "./alertRouting.ts";
import { alertmanagerServiceAccount } from "./prometheusValues.ts";
import { hasSecret, type Receiver, secretContent } from "./receivers.ts";

/** Ports of the mail servers of these receivers, each once. */
export function mailPorts(receivers: readonly Receiver[]): number[] {
    const ports = receivers.flatMap((each) => (each.kind === "email" ? [each.smarthost.port] : []));
    return [...new Set(ports)];
}

/** One file for each receiver that has a secret, and for the heartbeat. */
function secretFiles(
    { receivers, heartbeat: beats }: AlertRouting,
    secrets: Readonly<Record<string, string>>,
): Record<string, string> {
    const secretOf = (name: string): string => {
        const secret = secrets[name];
        if (secret === undefined) throw new Error(`the receiver ${name} needs a secret`);
        return secret;
    };
    return Object.fromEntries([
        ...receivers.filter(hasSecret).map((each) => [each.name, secretContent(each, secretOf(each.name))]),
        ...(beats ? [[heartbeat, secretOf(heartbeat)]] : []),
    ]) as Record<string, string>;
}

/** The Secret with those files, or undefined when there is none. */
export function receiversSecret(
    name: string,
    args: {
        namespace: pulumi.Input<string>;
        routing: AlertRouting;
        secrets: Readonly<Record<string, string>>;
    },
    opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret | undefined {
    const files = secretFiles(args.routing, args.secrets);
    if (Object.keys(files).length === 0) return undefined;
    return new k8s.core.v1.Secret(
        name,
        {
            metadata: { name: contentName("alertmanager-receivers", files), namespace: args.namespace },
            type: "Opaque",
            stringData: pulumi.secret(files),
            immutable: true,
        },
        opts,
    );
}

/** A topic in the account of the cluster. */
export interface NotificationTopicArgs {
    /** Account and region of the cluster. */
    readonly account: AwsAccount;
    /** Name of the cluster; also the prefix of the topic's and the role's names. */
    readonly clusterName: string;
    /** The same name, known when the control plane exists. */
    readonly cluster: pulumi.Input<string>;
    /** ARN of the topic. */
    readonly arn: pulumi.Input<string>;
}

/** The role that lets Alertmanager's pods publish to the topic. */
export function topicIdentity(
    name: string,
    { account, clusterName, cluster, namespace }: NotificationTopicArgs & { namespace: string },
    opts: pulumi.ComponentResourceOptions,
): PodIdentity {
    return new PodIdentity(
        `${name}-identity`,
        {
            account,
            clusterName,
            cluster,
            roleName: `${clusterName}-alertmanager`,
            namespace,
            serviceAccount: alertmanagerServiceAccount,
            policies: { topic: publishStatements(account, clusterName) },
        },
        opts,
    );
}
