import { regionalArn } from "../infra/aws/account.ts";
import { managedPolicyLimit, trustPolicyLimit } from "../infra/aws/policyDocument.ts";
import { deploySubjects, previewSubjects } from "../infra/delivery/deliveryRoles.ts";
import { deployTrust, githubTrust } from "../infra/delivery/githubSubjects.ts";
import { type ConfigParser, type ParseOptions, parseWith, toJsonSchema } from "../stacks/parseSchema.ts";
import { deployPolicyDocuments } from "../infra/delivery/rolePolicies.ts";
import type { Problem } from "../stacks/problems.ts";
import { type BootstrapConfig, bootstrapSchema } from "./schema.ts";

function named(list: readonly string[], path: readonly string[]): Problem[] {
    return list.flatMap((each, index) =>
        list.indexOf(each) < index ? [{ path: [...path, index], message: "must be named once" }] : [],
    );
}

/** AWS refuses trust policies that are too long, so there cannot be many subjects. */
function trustLengths({ aws, github, roles, deployers }: BootstrapConfig): Problem[] {
    const trusts = [
        githubTrust(aws, previewSubjects(github)),
        deployTrust(aws, { subjects: deploySubjects(github), role: roles.deploy, deployers }),
    ];
    const longest = Math.max(...trusts.map((each) => each.length));
    return longest > trustPolicyLimit
        ? [
              {
                  path: ["github", "subjects"],
                  message: `make a trust policy of ${longest} characters with environments and deployers; AWS takes ${trustPolicyLimit}`,
                  related: [["github"], ["deployers"]],
              },
          ]
        : [];
}

/** Each cluster makes the policies longer. */
function policyLengths({ aws, clusters, hostedZones, roles, state }: BootstrapConfig): Problem[] {
    const documents = deployPolicyDocuments(
        { account: aws, clusters, hostedZones },
        // As long as the ARN will be.
        { bucket: state.bucket, keyArn: regionalArn(aws, "kms", `key/${"0".repeat(36)}`) },
        roles,
    );
    const longest = Math.max(...Object.values(documents).map((each) => each.length));
    return longest > managedPolicyLimit
        ? [
              {
                  path: ["clusters"],
                  message: `make a policy of ${longest} characters with the hosted zones; AWS takes ${managedPolicyLimit}: put some into another account`,
                  related: [["hostedZones"]],
              },
          ]
        : [];
}

function distinctRoles({ roles }: BootstrapConfig): Problem[] {
    return new Set(Object.values(roles)).size < 3
        ? [{ path: ["roles"], message: "must have three different names" }]
        : [];
}

const parser: ConfigParser<BootstrapConfig> = {
    schema: bootstrapSchema,
    jsonSchema: toJsonSchema(bootstrapSchema),
    crossChecks: (config) => [
        ...named(config.github.subjects, ["github", "subjects"]),
        ...named(config.github.environments, ["github", "environments"]),
        ...named(config.clusters, ["clusters"]),
        ...trustLengths(config),
        ...policyLengths(config),
        ...distinctRoles(config),
    ],
};

/** Checks the configuration of what delivery stands on and fills in its defaults; see `parseWith`. */
export function parseBootstrapConfig(
    raw: Record<string, unknown>,
    options: ParseOptions = {},
): BootstrapConfig {
    return parseWith(parser, raw, options);
}
