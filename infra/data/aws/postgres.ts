import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { certificateAuthority } from "./certificateAuthority.ts";
import { database, type PostgresMajor } from "./engines.ts";
import type { InstanceClass } from "./sizes.ts";
import {
    backupWindow,
    connectionSecret,
    finalSnapshotName,
    type StoreArgs,
    storeSecurityGroup,
} from "./store.ts";

export const postgresPort = 5432;

export interface PostgresArgs extends StoreArgs {
    /** End of the instance's name. Another one makes a new instance. */
    name: string;
    /** Major version; RDS chooses and updates the minor one. */
    engineVersion: PostgresMajor;
    instanceClass: InstanceClass;
    /** Size at the beginning in GiB. */
    storageGiB: number;
    /** Size in GiB up to which RDS lets it grow. */
    maxStorageGiB: number;
    /** Keep a standby in another zone. */
    multiAz: boolean;
    /** Days of backups; 0 is none. */
    backupRetentionDays: number;
    /** AWS refuses to delete the instance. */
    deletionProtection: boolean;
    /** Take a snapshot before the instance is deleted, and keep its backups until they expire. */
    finalSnapshot: boolean;
    /** Snapshot a new instance begins with. Default: an empty database. */
    snapshot?: string | undefined;
    /** Milliseconds from which on a statement is logged. */
    slowQueryMs: number;
    /** Password of the role `spywatcher`, which owns the database. Treated as a secret. */
    password: pulumi.Input<string>;
    /** Another role the application connects as. Default: the owner. */
    login?: { user: string; password: pulumi.Input<string> } | undefined;
}

/** Name of the instance in RDS. */
export function postgresName(namePrefix: string, name: string): string {
    return `${namePrefix}-${name}`;
}

/** What log groups of instances begin with; RDS chooses their names. */
export function postgresLogPrefix(namePrefix: string): string {
    return `/aws/rds/instance/${namePrefix}-`;
}

const logs = ["postgresql", "upgrade"] as const;

/** PostgreSQL on RDS, in subnets without a way out, which nobody may enter until a rule lets them. */
export class Postgres extends pulumi.ComponentResource {
    readonly instance: aws.rds.Instance;
    readonly securityGroup: aws.ec2.SecurityGroup;
    /** Host, port, user and password of the application in Secrets Manager. */
    readonly secret: aws.secretsmanager.Secret;

    constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:data:Postgres", name, {}, opts);
        const child = { parent: this };
        const identifier = postgresName(args.namePrefix, args.name);
        this.securityGroup = storeSecurityGroup(name, { vpcId: args.vpcId, store: identifier }, child);
        const subnetGroup = new aws.rds.SubnetGroup(
            `${name}-subnets`,
            { description: `Subnets of ${identifier}`, subnetIds: args.subnetIds },
            child,
        );
        // Auto-named: a new major needs a group of its family beside the one in use.
        const parameterGroup = new aws.rds.ParameterGroup(
            `${name}-parameters`,
            {
                family: `postgres${args.engineVersion}`,
                description: `Parameters of ${identifier}`,
                parameters: [
                    // RDS reports its own default's value as pending-reboot, and a method that differs would be an update
                    // in every run (terraform-provider-aws#39252). A new instance begins with it.
                    { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
                    {
                        name: "log_min_duration_statement",
                        value: String(args.slowQueryMs),
                        applyMethod: "immediate",
                    },
                    // A transaction that waits for its client keeps locks and old rows; RDS's own limit is a day.
                    {
                        name: "idle_in_transaction_session_timeout",
                        value: "60000",
                        applyMethod: "immediate",
                    },
                ],
            },
            child,
        );
        // RDS would make them by itself, without retention, and leave them behind.
        const logGroups = logs.map(
            (log) =>
                new aws.cloudwatch.LogGroup(
                    `${name}-${log}`,
                    {
                        name: `/aws/rds/instance/${identifier}/${log}`,
                        retentionInDays: args.logRetentionDays,
                        kmsKeyId: args.logKeyArn,
                    },
                    child,
                ),
        );
        const password = pulumi.secret(args.password);
        this.instance = new aws.rds.Instance(
            name,
            {
                identifier,
                engine: "postgres",
                // Only the major: a pinned minor becomes a refused downgrade after RDS's next update
                // (terraform-provider-aws#39579).
                engineVersion: String(args.engineVersion),
                autoMinorVersionUpgrade: true,
                // The configuration names majors only, so a change of it is always meant.
                allowMajorVersionUpgrade: true,
                // On by default, at more than a small instance's price.
                engineLifecycleSupport: "open-source-rds-extended-support-disabled",
                instanceClass: args.instanceClass,
                // No IOPS: below 400 GiB RDS refuses them for gp3.
                storageType: "gp3",
                allocatedStorage: args.storageGiB,
                maxAllocatedStorage: args.maxStorageGiB,
                storageEncrypted: true,
                kmsKeyId: args.keyArn,
                dbName: database,
                username: database,
                password,
                port: postgresPort,
                dbSubnetGroupName: subnetGroup.name,
                vpcSecurityGroupIds: [this.securityGroup.id],
                publiclyAccessible: false,
                multiAz: args.multiAz,
                caCertIdentifier: certificateAuthority,
                parameterGroupName: parameterGroup.name,
                backupRetentionPeriod: args.backupRetentionDays,
                backupWindow,
                maintenanceWindow: "sun:04:30-sun:05:30",
                copyTagsToSnapshot: true,
                deleteAutomatedBackups: !args.finalSnapshot,
                skipFinalSnapshot: !args.finalSnapshot,
                ...(args.finalSnapshot && {
                    finalSnapshotIdentifier: finalSnapshotName(identifier, this.securityGroup, args.snapshot),
                }),
                ...(args.snapshot !== undefined && { snapshotIdentifier: args.snapshot }),
                deletionProtection: args.deletionProtection,
                // Else a change waits for the window, although `up` says it is done.
                applyImmediately: true,
                databaseInsightsMode: "standard",
                performanceInsightsEnabled: true,
                performanceInsightsKmsKeyId: args.keyArn,
                // Longer ones cost.
                performanceInsightsRetentionPeriod: 7,
                enabledCloudwatchLogsExports: [...logs],
                tags: { Name: identifier },
            },
            {
                parent: this,
                protect: args.protect,
                dependsOn: logGroups,
                // RDS would rename the instance, with the data it has, where a restore is meant.
                replaceOnChanges: ["identifier"],
                // A Multi-AZ instance takes up to 17 minutes, one from a snapshot longer; a new major copies the standby.
                customTimeouts: { create: "90m", update: "180m", delete: "90m" },
            },
        );
        this.secret = connectionSecret(
            `${name}-connection`,
            {
                store: identifier,
                keyArn: args.keyArn,
                content: {
                    engine: "postgres",
                    host: this.instance.address,
                    port: postgresPort,
                    dbname: database,
                    username: args.login?.user ?? database,
                    password: args.login ? pulumi.secret(args.login.password) : password,
                },
            },
            child,
        );
        this.registerOutputs({ address: this.instance.address });
    }
}
