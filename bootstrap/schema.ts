import { z } from "zod";

import { awsSchema, principalArn } from "../stacks/schema/aws.ts";
import { bucketName, integer } from "../stacks/schema/primitives.ts";

/** What the subjects of a repository begin with: names, and ids for a repository whose subjects are immutable. */
const subjectPrefix = () =>
    z.string().superRefine((value, context) => {
        if (value.includes("*") || value.includes("?")) {
            context.addIssue("must name one repository: a wildcard would let others in");
        } else if (/^repo:[^/:]+\/[^/:]+:/.test(value)) {
            context.addIssue(
                "must end after the repository: which of its runs are trusted is added, as in :environment:prod",
            );
        } else if (!/^repo:[A-Za-z0-9][A-Za-z0-9-]{0,38}(@\d+)?\/[\w.-]{1,100}(@\d+)?$/.test(value)) {
            context.addIssue(
                "must be the beginning of a repository's subjects, such as repo:acme/infrastructure or repo:acme@123/infrastructure@456",
            );
        } else if (/^[^/]*@\d+\//.test(value) !== /@\d+$/.test(value)) {
            context.addIssue("must have an id for both, the owner and the repository, or for neither");
        }
    });

/** A name in a subject, taken as it is written. */
const plainName = (what: string, pattern: RegExp) =>
    z.string().regex(pattern, `must be ${what}, without wildcards`);

const roleName = (byDefault: string) =>
    z
        .string()
        // The longest name of a policy of the role is longer by 9.
        .regex(/^[\w+=,.@-]{1,55}$/, "must be a name of an IAM role of at most 55 characters, without a path")
        .default(byDefault);

const clusterName = () =>
    z
        .string()
        .regex(/^[a-z][a-z0-9-]{2,38}$/, "must be a cluster's name as in `cluster.name` of its stack file");

/** The configuration of what delivery stands on: every key below `spywatcher:`. */
export const bootstrapSchema = z.strictObject({
    aws: awsSchema,
    github: z
        .strictObject({
            subjects: z
                .array(subjectPrefix())
                .min(1, "must name at least one repository")
                .describe("What the subjects in the tokens of the repository's workflows begin with."),
            branch: plainName("a branch", /^[\w./-]{1,100}$/)
                .default("main")
                .describe("Branch that is deployed."),
            tags: z
                .string()
                .regex(
                    /^[\w.-]{1,50}\*?$/,
                    "must be a tag, or the beginning of tags with * at its end, such as v*",
                )
                .default("v*")
                .describe("Tags that are deployed."),
            environments: z
                .array(plainName("an environment of the repository", /^[\w.-]{1,100}$/))
                .min(1, "must name at least one environment")
                .describe("Environments of the repository whose jobs deploy into this account."),
            createProvider: z
                .boolean()
                .default(true)
                .describe(
                    "Make the account's identity provider for GitHub. `false` when it has one already.",
                ),
        })
        .describe("Which workflow runs get roles."),
    clusters: z
        .array(clusterName())
        .min(1, "must name at least one cluster")
        .describe("Names of the clusters; everything that is deployed has a name that begins with one."),
    hostedZones: z
        .array(
            z
                .string()
                .regex(/^Z[A-Z0-9]{1,31}$/, "must be the id of a Route 53 zone, such as Z0123456789EXAMPLE"),
        )
        .default([])
        .describe("Zones in which the program makes records (`edge.hostedZone.id` of the stack files)."),
    deployers: z
        .array(principalArn())
        .default([])
        .describe("Roles and users that may deploy by hand, as the role that deploys."),
    roles: z
        .strictObject({
            preview: roleName("spywatcher-preview").describe("Role that previews and looks for drift."),
            deploy: roleName("spywatcher-deploy").describe(
                "Role that deploys: `cluster.access.deployRole` of the stack files.",
            ),
            upgrade: roleName("spywatcher-upgrade").describe("Role that looks up versions of EKS add-ons."),
        })
        .prefault({})
        .describe("Names of the roles."),
    state: z
        .strictObject({
            bucket: bucketName().describe(
                "Bucket for the state of the stacks; its name is one of a kind in the world.",
            ),
            keyAlias: z
                .string()
                .regex(
                    /^(?!aws\/)[\w/-]{1,200}$/,
                    "must be letters, digits, _, - and /, not beginning with aws/",
                )
                .default("spywatcher-state")
                .describe("Name of the key that encrypts the state and the secrets in it, without `alias/`."),
            oldVersionDays: integer(7, 3650)
                .default(90)
                .describe("Days that old versions and backups of the state are kept."),
        })
        .describe("Where the state of the stacks is kept."),
    protect: z
        .boolean()
        .default(true)
        .describe("Refuse to delete or replace bucket, key, identity provider and roles."),
});

/** The effective configuration, defaults filled in. */
export type BootstrapConfig = z.output<typeof bootstrapSchema>;
