import type * as pulumi from "@pulumi/pulumi";

import { AccessLogsBucket } from "../infra/edge/accessLogsBucket.ts";
import { Certificate } from "../infra/edge/certificate.ts";
import { type DnsRecord, DnsRecords, recordsFor } from "../infra/edge/dnsRecords.ts";
import type { AccessLogs, Edge } from "../infra/edge/edge.ts";
import { certificateAlarm, webAclAlarm } from "../infra/edge/edgeAlarms.ts";
import { LoadBalancerAlarms } from "../infra/edge/loadBalancerAlarms.ts";
import { loadBalancerZoneId } from "../infra/edge/loadBalancerZones.ts";
import { WebAcl } from "../infra/edge/webAcl.ts";
import type { AwsPlatform } from "./foundation.ts";
import type { Config } from "./schema/index.ts";

function required(aws: AwsPlatform | undefined): AwsPlatform {
    if (!aws) throw new Error("what is made at the edge needs an AWS account");
    return aws;
}

function certificate(config: Config, aws: AwsPlatform | undefined): pulumi.Input<string> | undefined {
    const { certificateArn, hostedZone } = config.edge;
    if (certificateArn !== undefined || hostedZone === undefined) return certificateArn;
    const { frontend, api } = config.app.hosts;
    return new Certificate(
        "certificate",
        { hosts: [frontend, api], hostedZone },
        { providers: { aws: required(aws).provider } },
    ).certificateArn;
}

/** Watches the certificate of the load balancer, whoever made it. */
function watchCertificate(
    certificateArn: pulumi.Input<string> | undefined,
    aws: AwsPlatform | undefined,
): void {
    if (certificateArn === undefined || aws === undefined) return;
    const { namePrefix, provider, alertTopicArn } = aws;
    certificateAlarm(
        "certificate-expiry",
        { namePrefix, topicArn: alertTopicArn, certificateArn },
        { provider },
    );
}

function webAcl(config: Config, aws: AwsPlatform | undefined): Pick<Edge, "wafAclArn" | "ready"> {
    const { wafAclArn, waf } = config.edge;
    if (waf === undefined) return { wafAclArn, ready: [] };
    // An annotation that is left out would leave the old one attached, and AWS deletes none that is.
    if (!waf.enabled) return { wafAclArn: "none", ready: [] };
    const { account, provider, namePrefix, logKeyArn, alertTopicArn } = required(aws);
    const acl = new WebAcl("waf", { ...waf, name: namePrefix, logKeyArn }, { providers: { aws: provider } });
    webAclAlarm(
        "waf-blocked-requests",
        {
            namePrefix,
            topicArn: alertTopicArn,
            metricName: namePrefix,
            region: account.region,
            blockedRequests: waf.blockedRequestsAlarm,
        },
        { provider },
    );
    return { wafAclArn: acl.arn, ready: acl.ready };
}

function accessLogs(
    config: Config,
    aws: AwsPlatform | undefined,
): { accessLogs: AccessLogs | undefined; ready: readonly pulumi.Resource[] } {
    const { accessLogs: args } = config.edge;
    if (args === undefined) return { accessLogs: undefined, ready: [] };
    const { bucket, prefix, retentionDays } = args;
    if (bucket !== undefined) return { accessLogs: { bucket, prefix }, ready: [] };
    const { account, namePrefix, provider } = required(aws);
    return new AccessLogsBucket(
        "access-logs",
        {
            account,
            namePrefix,
            prefix,
            retentionDays,
            retain: config.environment === "prod",
            protect: config.protect,
        },
        { providers: { aws: provider } },
    );
}

function loadBalancerAlarms(config: Config, aws: AwsPlatform | undefined): void {
    if (!config.edge.loadBalancerAlarms) return;
    const { namePrefix, provider, alertTopicArn } = required(aws);
    new LoadBalancerAlarms(
        "load-balancer-alarms",
        { namePrefix, topicArn: alertTopicArn },
        { providers: { aws: provider } },
    );
}

/** What stands between the internet and the load balancer. Nothing of it waits for the cluster. */
export function edgeOf(config: Config, aws: AwsPlatform | undefined): Edge {
    const { ready: aclReady, ...acl } = webAcl(config, aws);
    const logs = accessLogs(config, aws);
    loadBalancerAlarms(config, aws);
    const certificateArn = certificate(config, aws);
    watchCertificate(certificateArn, aws);
    return {
        certificateArn,
        ...acl,
        accessLogs: logs.accessLogs,
        ready: [...aclReady, ...logs.ready],
    };
}

/** Points both hosts to the load balancer, or says which records do. */
export function dnsRecords(
    config: Config,
    aws: AwsPlatform | undefined,
    loadBalancerHostname: pulumi.Output<string | null>,
): { dnsRecordsToCreate?: pulumi.Output<DnsRecord[]> } {
    const { frontend, api } = config.app.hosts;
    const hosts = [frontend, api];
    const { hostedZone } = config.edge;
    if (hostedZone === undefined) {
        return { dnsRecordsToCreate: loadBalancerHostname.apply((hostname) => recordsFor(hosts, hostname)) };
    }
    const { account, provider } = required(aws);
    const zoneId = loadBalancerZoneId(account.region);
    if (zoneId === undefined) throw new Error(`the load balancers of ${account.region} have no known zone`);
    new DnsRecords(
        "dns",
        { hosts, hostedZone, loadBalancerHostname, loadBalancerZoneId: zoneId },
        { providers: { aws: provider } },
    );
    return {};
}
