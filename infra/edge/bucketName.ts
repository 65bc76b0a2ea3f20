/** Beginnings and ends that S3 keeps for itself (S3 User Guide, "General purpose bucket naming rules"). */
const reservedPrefixes = ["xn--", "sthree-", "amzn-s3-demo-"];
const reservedSuffixes = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

/** Why S3 refuses a bucket's name; undefined when it does not. */
export function bucketNameProblem(name: string): string | undefined {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
        return "must be 3–63 lower-case letters, digits, hyphens and dots, beginning and ending with a letter or digit";
    }
    if (name.includes("..")) return "must not have two dots in a row";
    if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return "must not look like an IP address";
    const prefix = reservedPrefixes.find((each) => name.startsWith(each));
    if (prefix !== undefined) return `must not begin with ${prefix}, which S3 keeps for itself`;
    const suffix = reservedSuffixes.find((each) => name.endsWith(each));
    return suffix === undefined ? undefined : `must not end with ${suffix}, which S3 keeps for itself`;
}

/** Name of the bucket for access logs. */
export function accessLogsBucketName(namePrefix: string, accountId: string): string {
    return `${namePrefix}-access-logs-${accountId}`;
}
