import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { HostedZone } from "./hostedZone.ts";

export interface DnsRecordsArgs {
    hosts: readonly string[];
    /** Zone that holds the hosts. */
    hostedZone: HostedZone;
    /** DNS name of the load balancer; null fails, since a record must point somewhere. */
    loadBalancerHostname: pulumi.Output<string | null>;
    /** Hosted zone of the region's load balancers. */
    loadBalancerZoneId: string;
}

/**
 * Records that point the hosts to the load balancer. Aliases, since a CNAME is not allowed at the top of a zone; A alone,
 * since the load balancer has IPv4 addresses only.
 */
export class DnsRecords extends pulumi.ComponentResource {
    constructor(name: string, args: DnsRecordsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:edge:DnsRecords", name, {}, opts);
        const target = args.loadBalancerHostname.apply((hostname) => {
            if (hostname === null) throw new Error("the load balancer has no DNS name to point records to");
            return hostname;
        });
        for (const host of args.hosts) {
            // An existing record of the host is an error and is not taken over: it may serve somebody.
            new aws.route53.Record(
                `${name}-${host}`,
                {
                    zoneId: args.hostedZone.id,
                    name: host,
                    type: "A",
                    aliases: [{ name: target, zoneId: args.loadBalancerZoneId, evaluateTargetHealth: true }],
                },
                { parent: this },
            );
        }
        this.registerOutputs({});
    }
}

/** A DNS record to be made by hand. */
export interface DnsRecord {
    name: string;
    /** At the top of a zone, where no CNAME is allowed, an ALIAS or ANAME instead. */
    type: "CNAME";
    value: string;
}

/** The records that point the hosts to the load balancer; none until it has a name. */
export function recordsFor(hosts: readonly string[], loadBalancerHostname: string | null): DnsRecord[] {
    return loadBalancerHostname === null
        ? []
        : hosts.map((name) => ({ name, type: "CNAME", value: loadBalancerHostname }));
}
