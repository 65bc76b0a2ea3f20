import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { HostedZone } from "./hostedZone.ts";

/** Seconds a resolver may keep a validation record. */
const validationTtlSeconds = 60;

/** ACM takes up to nine minutes; the provider's own 75 would hide a zone that nobody asks, since it is not delegated. */
const validationTimeout = "30m";

export interface CertificateArgs {
    /** Host names, the first one as the certificate's name. A change makes a new certificate. */
    hosts: readonly string[];
    /** Zone that holds the hosts. */
    hostedZone: HostedZone;
}

/** A certificate of ACM, validated by records in Route 53, which also renew it. */
export class Certificate extends pulumi.ComponentResource {
    /** ARN, known once the certificate is issued. */
    readonly certificateArn: pulumi.Output<string>;

    constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:edge:Certificate", name, {}, opts);
        const child = { parent: this };
        const [domainName, ...subjectAlternativeNames] = args.hosts;
        if (domainName === undefined) throw new Error("a certificate needs a host");
        const certificate = new aws.acm.Certificate(
            `${name}-certificate`,
            {
                domainName,
                subjectAlternativeNames,
                validationMethod: "DNS",
                tags: { Name: domainName },
            },
            child,
        );
        // One for each host and not for each option: the options are unknown in the first preview, and come in any order.
        const records = args.hosts.map((host) => {
            const option = certificate.domainValidationOptions.apply((options) => {
                const found = options.find((each) => each.domainName === host);
                if (!found) throw new Error(`ACM asks for no validation of ${host}`);
                return found;
            });
            return new aws.route53.Record(
                `${name}-validation-${host}`,
                {
                    zoneId: args.hostedZone.id,
                    name: option.resourceRecordName,
                    type: option.resourceRecordType,
                    records: [option.resourceRecordValue],
                    ttl: validationTtlSeconds,
                },
                child,
            );
        });
        const validation = new aws.acm.CertificateValidation(
            `${name}-validation`,
            {
                certificateArn: certificate.arn,
                validationRecordFqdns: records.map((record) => record.fqdn),
            },
            { ...child, customTimeouts: { create: validationTimeout } },
        );
        this.certificateArn = validation.certificateArn;
        this.registerOutputs({ certificateArn: this.certificateArn });
    }
}
