import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface JsonSecretArgs {
    /** Beginning of the name, without the hyphen that ends it. AWS keeps a deleted name for days, so it ends at random. */
    namePrefix: string;
    description: string;
    keyArn: pulumi.Input<string>;
    /** What is kept, as JSON. */
    content: pulumi.Input<unknown>;
}

/** Days a deleted secret can be brought back: the fewest that AWS takes. */
const recoveryWindowInDays = 7;

/** A secret in Secrets Manager with its value. */
export function jsonSecret(
    name: string,
    args: JsonSecretArgs,
    opts: pulumi.CustomResourceOptions,
): { secret: aws.secretsmanager.Secret; version: aws.secretsmanager.SecretVersion } {
    const secret = new aws.secretsmanager.Secret(
        name,
        {
            namePrefix: `${args.namePrefix}-`,
            description: args.description,
            kmsKeyId: args.keyArn,
            recoveryWindowInDays,
        },
        opts,
    );
    const version = new aws.secretsmanager.SecretVersion(
        `${name}-version`,
        { secretId: secret.id, secretString: pulumi.secret(pulumi.jsonStringify(args.content)) },
        opts,
    );
    return { secret, version };
}
