import { z } from "zod";

import { alarmsSchema } from "./alarms.ts";
import { appSchema } from "./app.ts";
import { awsSchema } from "./aws.ts";
import { clusterSchema } from "./cluster.ts";
import { dataSchema } from "./data.ts";
import { edgeSchema } from "./edge.ts";
import { monitoringSchema } from "./monitoring.ts";
import { networkSchema } from "./network.ts";
import { platformSchema } from "./platform.ts";
import { secretsSchema } from "./secrets.ts";

export const environments = ["local", "dev", "prod"] as const;

/** The whole configuration: every key below `spywatcher:`. */
export const configSchema = z.strictObject({
    environment: z
        .enum(environments)
        .describe("Kind of environment: decides which checks apply. Several stacks may be of one kind."),
    protect: z
        .boolean()
        .default(false)
        .describe(
            "Refuse to delete or replace what holds data or everything else: VPC, cluster, keys, database, cache, access logs, the namespace and the StatefulSets. `destroy --confirm` takes it off by itself.",
        ),
    aws: awsSchema.optional(),
    cluster: clusterSchema,
    network: networkSchema,
    data: dataSchema,
    edge: edgeSchema,
    alarms: alarmsSchema,
    monitoring: monitoringSchema,
    platform: platformSchema,
    app: appSchema,
    secrets: secretsSchema,
});

/** The configuration as it is written. */
export type ConfigInput = z.input<typeof configSchema>;

/** The effective configuration, defaults filled in. */
export type Config = z.output<typeof configSchema>;

/** The part about a new cluster in AWS. */
export type EksConfig = Extract<Config["cluster"], { kind: "eks" }>;
