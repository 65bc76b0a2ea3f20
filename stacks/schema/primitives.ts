import { X509Certificate } from "node:crypto";

import { z } from "zod";

import { bucketNameProblem } from "../../infra/edge/bucketName.ts";
import { parseQuantity } from "./quantity.ts";

const dnsName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;
const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const imageReference =
    /^(?<name>[a-z0-9]+([._-][a-z0-9]+)*(:[0-9]+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*)(:(?<tag>[\w][\w.-]{0,127}))?(@(?<digest>sha256:[a-f0-9]{64}))?$/;

/** A fully qualified DNS name in lower case. */
export const hostName = () =>
    z.string().regex(dnsName, "must be a DNS name such as spywatcher.example.com, in lower case");

/** The host of a server: a DNS name, a single label or an IPv4 address. */
export const serverHost = () =>
    z
        .string()
        .refine(
            (value) => dnsName.test(value) || dnsLabel.test(value) || z.ipv4().safeParse(value).success,
            "must be a host name or an IPv4 address",
        );

/** A name Kubernetes takes for a namespace, Secret or StorageClass. */
export const kubernetesName = () =>
    z
        .string()
        .regex(
            dnsLabel,
            "must be 1–63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
        );

/** A container image with a tag other than `latest`, or a digest. */
export const image = () =>
    z.string().superRefine((value, context) => {
        const groups = imageReference.exec(value)?.groups;
        if (!groups) {
            context.addIssue("must be an image reference such as registry.example.com/team/name:1.2.3");
        } else if (groups["digest"] === undefined && groups["tag"] === undefined) {
            context.addIssue("has no tag; add one (name:1.2.3) or a digest (name@sha256:…)");
        } else if (groups["digest"] === undefined && groups["tag"] === "latest") {
            context.addIssue(
                "must not be latest: a tag that moves makes an update change nothing; use a version or a digest",
            );
        }
    });

/** One certificate as PEM. Prisma reads the first of a file alone, so a bundle would not do what it says. */
export const certificate = () =>
    z.string().refine((pem) => {
        const blocks = pem.match(/-----BEGIN CERTIFICATE-----/g) ?? [];
        try {
            return blocks.length === 1 && new X509Certificate(pem).ca;
        } catch {
            return false;
        }
    }, "must be one certificate of a certificate authority as PEM, not a bundle");

/** A CPU quantity in cores. */
export const cpu = () => quantity("a CPU quantity such as 500m or 2");

/** A memory or storage quantity in bytes. */
export const bytes = () => quantity("a quantity of bytes such as 512Mi or 20Gi");

function quantity(what: string) {
    return z.string().refine((value) => (parseQuantity(value) ?? 0) > 0, `must be ${what}`);
}

/** An IPv4 network in CIDR notation. */
export const cidr = () => z.cidrv4("must be an IPv4 network such as 10.0.0.0/16");

/** A whole number in a closed range. */
export const integer = (min: number, max: number) =>
    z
        .int(`must be a whole number from ${min} to ${max}`)
        .min(min, `must be from ${min} to ${max}`)
        .max(max, `must be from ${min} to ${max}`);

/** A Discord snowflake. */
export const snowflake = () =>
    z.string().regex(/^\d{17,20}$/, "must be a Discord id of 17 to 20 digits, in quotes");

/** A TCP port. */
export const port = () => integer(1, 65_535);

/** Name of an S3 bucket. */
export function bucketName() {
    return z.string().superRefine((name, context) => {
        const problem = bucketNameProblem(name);
        if (problem !== undefined) context.addIssue(problem);
    });
}
