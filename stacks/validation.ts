import type * as pulumi from "@pulumi/pulumi";

import { validatorsGroup } from "../infra/cluster/access.ts";
import type { Monitoring } from "../infra/platform/monitoring/monitoring.ts";
import { ValidationAccess } from "../infra/platform/validationAccess.ts";
import type { Config } from "./schema/index.ts";

/** The roles `validate` needs, and who has them. */
export function validationAccess(
    { cluster, platform }: Config,
    args: { namespace: pulumi.Output<string>; monitoring: Monitoring | undefined },
    opts: pulumi.ComponentResourceOptions,
): ValidationAccess {
    const ours = cluster.kind === "eks" && cluster.access.validators.length > 0 ? [validatorsGroup] : [];
    return new ValidationAccess(
        "validation",
        {
            namespaces: {
                app: args.namespace,
                ...(args.monitoring && { monitoring: args.monitoring.namespace }),
            },
            groups: [...new Set([...ours, ...platform.validation.groups])],
        },
        opts,
    );
}
