import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { DeliveryRoles } from "../infra/delivery/deliveryRoles.ts";
import { StateStore } from "../infra/delivery/stateStore.ts";
import type { BootstrapConfig } from "./schema.ts";

/** What the variables of the repository, and `pulumi stack init`, are set to. */
export interface BootstrapOutputs {
    /** `PULUMI_BACKEND_URL_…` */
    backendUrl: string;
    /** `--secrets-provider` of `pulumi stack init`. */
    secretsProvider: string;
    /** `AWS_PREVIEW_ROLE_…`, and in `cluster.access.previewers` of the stack files. */
    previewRole: pulumi.Output<string>;
    /** `AWS_DEPLOY_ROLE_…`, and `cluster.access.deployRole` of the stack files. */
    deployRole: pulumi.Output<string>;
    /** `AWS_UPGRADE_ROLE` */
    upgradeRole: pulumi.Output<string>;
}

/** The state's bucket and key, and the roles of the workflows, in one account. */
export function bootstrap(config: BootstrapConfig): BootstrapOutputs {
    const { accountId, region, owner, costCenter } = config.aws;
    const account = { accountId, region };
    const provider = new aws.Provider("aws", {
        region,
        // With the credentials of another account nothing is changed there.
        allowedAccountIds: [accountId],
        defaultTags: {
            tags: {
                // Another project than the stacks': the role that deploys may change the keys of that one.
                Project: "spywatcher-bootstrap",
                Environment: "shared",
                Stack: pulumi.getStack(),
                ManagedBy: "pulumi",
                Owner: owner,
                CostCenter: costCenter,
            },
        },
    });
    const { protect, state } = config;
    const store = new StateStore("state", { account, ...state, protect }, { provider });
    const { arns } = new DeliveryRoles(
        "delivery",
        {
            scope: { account, clusters: config.clusters, hostedZones: config.hostedZones },
            github: config.github,
            roles: config.roles,
            deployers: config.deployers,
            state: { bucket: store.bucket, keyArn: store.keyArn },
            protect,
        },
        { provider },
    );
    return {
        backendUrl: `s3://${state.bucket}?region=${region}`,
        secretsProvider: `awskms://alias/${state.keyAlias}?region=${region}`,
        previewRole: arns.preview,
        deployRole: arns.deploy,
        upgradeRole: arns.upgrade,
    };
}
