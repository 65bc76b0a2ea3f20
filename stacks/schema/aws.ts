import { z } from "zod";

/** An ARN of a service, with the account in it. */
export const arn = (service: string) =>
    z
        .string()
        .regex(
            new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:.+$`),
            `must be an ARN such as arn:aws:${service}:us-east-1:123456789012:…`,
        );

/** An IAM role. */
export const roleArn = () =>
    z
        .string()
        .regex(
            /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
            "must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/deploy",
        );

/** An IAM role or user. */
export const principalArn = () =>
    z
        .string()
        .regex(
            /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]+$/,
            "must be the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/developers",
        );

const tagValue = () =>
    z
        .string()
        .regex(
            /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u,
            "must be a tag value: 1–256 letters, digits, spaces and _.:/=+-@",
        );

export const awsSchema = z
    .strictObject({
        accountId: z
            .string()
            .regex(/^\d{12}$/, "must be an AWS account id of 12 digits, in quotes")
            .meta({ examples: ["123456789012"] })
            .describe(
                "The only account the stack may change; with credentials of another one nothing happens.",
            ),
        region: z
            .string()
            .regex(/^[a-z]{2}(-gov)?-[a-z]+-\d$/, "must be an AWS region such as us-east-1")
            .meta({ examples: ["us-east-1"] })
            .describe("Region. Cannot change while the stack exists."),
        owner: tagValue()
            .default("platform")
            .describe("Tag `Owner` of every resource: who is asked about it."),
        costCenter: tagValue()
            .default("spywatcher")
            .describe("Tag `CostCenter` of every resource: who pays for it."),
    })
    .describe("The AWS account. Required when the program makes something in AWS.");
