import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { Stack } from "@pulumi/pulumi/automation/index.js";

import { kubeconfigPath } from "../../local/paths.ts";
import { protectionsOf } from "../../ops/destroy/protections.ts";
import { stateOf } from "../../ops/destroy/state.ts";
import { takeProtectionsOff } from "../../ops/destroy/takeProtectionsOff.ts";
import { destroy } from "../../ops/engine/operations.ts";
import program, { programWith } from "../../stacks/index.ts";
import { withoutProtections } from "../../stacks/withoutProtections.ts";
import { ApiServer } from "../support/apiServer.ts";
import { clusterObjects } from "../support/clusterObjects.ts";
import { poll } from "../support/poll.ts";
import { copyProject, type StackConfig } from "../support/projectCopy.ts";
import { everyone } from "../support/routing.ts";
import { refuseWithoutController } from "../support/standin/admission.ts";
import { chartReplacement } from "../support/standin/charts.ts";
import { cloudEvents, livingResources } from "../support/standin/cloud.ts";
import { removeDefinitions, restoreDefinitions } from "../support/standin/definitions.ts";
import { installStandIns, type StandIns } from "../support/standin/install.ts";
import { openStandInStack, pendingOperations, stateFile } from "../support/standin/openStack.ts";
import { keepReady, labelSystemNodes } from "../support/standin/ready.ts";
import { independent } from "../support/standin/stateGraph.ts";
import { StepLog } from "../support/standin/stepLog.ts";

const secrets: Record<string, string> = {
    discordBotToken: "not-a-real-token-of-the-cloud-not-a-real-token-of-th",
    discordClientSecret: "not-a-real-client-secret-of-the-cloud",
    jwtSecret: "not-a-real-secret-for-access-tokens-of-the-cloud",
    jwtRefreshSecret: "not-a-real-secret-for-refresh-tokens-of-the-cloud",
    postgresPassword: "not-a-real-password-of-the-cloud",
    grafanaAdminPassword: "not-a-real-password-of-grafana-in-the-cloud",
    redisPassword: "not-a-real-password-of-the-cloud-either",
};

/** What prod may have beside: another role of the database, and somebody at every kind of receiver. */
const secretsOfProd: Record<string, string> = {
    ...secrets,
    postgresUserPassword: "not-a-real-password-of-another-role",
    sentryDsn: "https://sentry.example.com/not-a-real-dsn",
    discordAlertWebhook: "https://discord.example.com/not-a-real-webhook",
    slackAlertWebhook: "https://slack.example.com/not-a-real-webhook",
    heartbeatUrl: everyone.secrets.heartbeatUrl,
    ...Object.fromEntries(
        Object.entries(everyone.secrets.receivers).map(([name, secret]) => [`receivers.${name}`, secret]),
    ),
};

function changeStackFile(name: string, config: StackConfig): void {
    if (name !== "prod") return;
    Object.assign(config["spywatcher:data"]?.["postgres"] ?? {}, { user: "spywatcher_b" });
    Object.assign(config["spywatcher:monitoring"] ?? {}, { routing: everyone.monitoring.routing });
}

/** What somebody must wait for takes its time, so that it shows when nobody waits. */
const delays = Object.fromEntries(
    [
        "aws:cloudwatch/eventTarget:EventTarget",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:ec2/route:Route",
        "aws:eks/accessEntry:AccessEntry",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:eks/addon:Addon",
        "aws:eks/nodeGroup:NodeGroup",
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:sqs/queuePolicy:QueuePolicy",
    ].map((type) => [type, 300]),
);

/** Chains in which each resource needs the one before it: created in this order and deleted in the opposite one. */
const chains: string[][] = [
    ["LogGroup cluster-logs", "Cluster cluster-control-plane-eksCluster"],
    [
        "RolePolicyAttachment cluster-control-plane-eksRole-4b490823",
        "Cluster cluster-control-plane-eksCluster",
    ],
    [
        "Addon cluster-vpc-cni",
        "NodeGroup cluster-system",
        "Addon cluster-coredns",
        "Release karpenter-controller",
        "EC2NodeClass karpenter-node-class",
        "NodePool karpenter-on-demand",
        "Job app-schema-job",
        "Deployment app-backend-deployment",
        "HorizontalPodAutoscaler app-backend-hpa",
    ],
    ["RolePolicyAttachment cluster-system-AmazonEKS_CNI_Policy", "NodeGroup cluster-system"],
    ["Route network-private-1-internet", "NodeGroup cluster-system"],
    ["Addon cluster-eks-pod-identity-agent", "Release karpenter-controller"],
    ["AccessPolicyAssociation cluster-access-deployer-role-spywatcher-deploy", "Release karpenter-crd"],
    ["Release karpenter-crd", "Release karpenter-controller"],
    [
        "RolePolicyAttachment karpenter-controller-node-lifecycle",
        "PodIdentityAssociation karpenter-controller-association",
        "Release karpenter-controller",
    ],
    [
        "QueuePolicy karpenter-interruption-queue",
        "EventTarget karpenter-interruption-spot",
        "Release karpenter-controller",
    ],
    ["AccessEntry karpenter-node-access-entry", "Release karpenter-controller"],
    [
        "Certificate certificate-certificate",
        "CertificateValidation certificate-validation",
        "Ingress app-ingress",
        "Deployment app-backend-deployment",
    ],
    [
        "PodIdentityAssociation cluster-ebs-csi-association",
        "Addon cluster-aws-ebs-csi-driver",
        "StorageClass default-storage-class",
        "Deployment app-backend-deployment",
    ],
    [
        "Addon cluster-coredns",
        "Job load-balancer-controller-definitions-job",
        "Release load-balancer-controller-release",
        "Namespace spywatcher-namespace",
        "Ingress app-ingress",
        "Deployment app-backend-deployment",
    ],
    [
        "PodIdentityAssociation load-balancer-controller-identity-association",
        "Release load-balancer-controller-release",
    ],
    ["Release metrics-server-release", "HorizontalPodAutoscaler app-backend-hpa"],
    ["Release monitoring-definitions", "Release load-balancer-controller-release"],
    ["Release monitoring-definitions", "ServiceMonitor app-backend-monitor"],
    ["Release monitoring-definitions", "Release metrics-server-release"],
    ["Release monitoring-definitions", "Release karpenter-controller"],
    [
        "Release load-balancer-controller-release",
        "Namespace monitoring-namespace",
        "NetworkPolicy monitoring-default-deny",
        "Release monitoring-stack",
        "PrometheusRule alert-rules-recording",
    ],
    ["Release monitoring-definitions", "Release monitoring-stack"],
    ["NodePool karpenter-on-demand", "Release monitoring-stack"],
    ["StorageClass default-storage-class", "Release monitoring-stack"],
    ["PriorityClass priority-monitoring", "Release monitoring-stack"],
    ["PriorityClass priority-app", "Deployment app-backend-deployment"],
    ["Instance data-postgres", "Job app-schema-job"],
    ["ReplicationGroup data-redis", "Deployment app-backend-deployment"],
];

/** What prod keeps: the bucket of access logs with its settings, and the key of the databases' last snapshots. */
const kept = [
    "aws:kms/key:Key",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketVersioning:BucketVersioning",
];

const quiet = { report: () => undefined, signal: new AbortController().signal };

describe("stacks with stand-ins for AWS", () => {
    let stopRefusing: () => Promise<void>;

    before(async () => {
        stopRefusing = await refuseWithoutController(await ApiServer.connect());
    });
    after(() => stopRefusing());

    for (const name of ["dev", "prod"]) {
        describe(`${name} as a whole`, () => {
            const { PATH } = process.env;
            let folder: string;
            let standIns: StandIns;
            let server: ApiServer;
            let stack: Stack;
            let objectsBefore: string[];
            let stopReady: () => void;
            /** What the engine says. */
            let said = "";
            const onOutput = (text: string): void => void (said += text);
            let replaceCharts: () => void;

            before(async () => {
                folder = copyProject(name, (config) => changeStackFile(name, config));
                standIns = installStandIns(kubeconfigPath(), { delays });
                // The program, in this process, looks for the AWS CLI.
                process.env["PATH"] = standIns.path;
                server = await ApiServer.connect();
                stopReady = keepReady(server);
                await labelSystemNodes(server);
                objectsBefore = await clusterObjects(server);
                await removeDefinitions(server);
                replaceCharts = await chartReplacement(join(standIns.folder, "charts"));
                stack = await openStandInStack({
                    project: "spywatcher",
                    stack: name,
                    folder,
                    standIns,
                    program: async () => {
                        replaceCharts();
                        return program();
                    },
                });
                const values = Object.entries(name === "prod" ? secretsOfProd : secrets).map(
                    ([key, value]) => [`spywatcher:secrets.${key}`, { value, secret: true }],
                );
                await stack.setAllConfig(Object.fromEntries(values), true);
            });
            after(async () => {
                stopReady();
                await restoreDefinitions(server);
                process.env["PATH"] = PATH;
                standIns.remove();
                rmSync(folder, { recursive: true });
            });

            it("comes up, each layer after what it needs", async () => {
                const log = new StepLog();
                const { outputs } = await stack.up({ onEvent: log.onEvent, onOutput });
                assert.deepEqual(log.early("create", chains), []);
                assert.deepEqual(
                    Object.entries(outputs).flatMap(([key, { secret }]) => (secret ? [key] : [])),
                    ["kubeconfig"],
                );
                assert.equal(outputs["clusterName"]?.value, `spywatcher-${name}`);
                assert.equal(outputs["vpcId"]?.value, "vpc-0networkvpc");
                assert.equal(
                    outputs["loadBalancerHostname"]?.value,
                    "spywatcher-ingress-spywatcher.elb.localhost",
                );
            });

            it("knows of each layer's needs, so that any order the engine takes is right", () => {
                const state = stateFile({ folder, project: "spywatcher", stack: name });
                assert.deepEqual(independent(state, chains), []);
            });

            it("gives nobody rights in the cluster but by access entries", () => {
                const cluster = livingResources(standIns.log).find(
                    ({ type }) => type === "aws:eks/cluster:Cluster",
                );
                assert.deepEqual(cluster?.inputs["accessConfig"], {
                    authenticationMode: "API",
                    bootstrapClusterCreatorAdminPermissions: false,
                });
            });

            it("has nothing to change the second time", async () => {
                const up = await stack.up({ onOutput });
                assert.deepEqual(Object.keys(up.summary.resourceChanges ?? {}), ["same"]);
                const refresh = await stack.refresh({ onOutput });
                assert.deepEqual(Object.keys(refresh.summary.resourceChanges ?? {}), ["same"]);
            });

            it("keeps its secrets encrypted", async () => {
                const state = readFileSync(stateFile({ folder, project: "spywatcher", stack: name }), "utf8");
                assert.equal(state.includes("not-a-real"), false);
                assert.ok(said.includes("data-postgres"), said);
                assert.equal(said.includes("not-a-real"), false);
                // Stands in the kubeconfig only.
                assert.equal(state.includes("interactiveMode"), false);
                assert.deepEqual(await pendingOperations(stack), []);
            });

            if (name === "prod") {
                it("is protected until that is switched off, which changes nothing else", async () => {
                    const log = cloudEvents(standIns.log);
                    const refused = destroy(stack, quiet);
                    await assert.rejects(refused, /aws:ec2.*network-vpc.* cannot be deleted/s);
                    assert.deepEqual(cloudEvents(standIns.log), log);

                    const file = readFileSync(join(folder, `Pulumi.${name}.yaml`), "utf8");
                    const protections = protectionsOf(await stateOf(stack));
                    await takeProtectionsOff({
                        ...{ stack: name, handle: stack, protections, quiet, options: {} },
                        program: async () => {
                            replaceCharts();
                            return programWith(withoutProtections);
                        },
                        run: (operation) => operation(quiet),
                    });
                    assert.deepEqual(
                        cloudEvents(standIns.log)
                            .slice(log.length)
                            .filter(({ op }) => op !== "read")
                            .map(({ op, type }) => `${op} ${type}`)
                            .sort(),
                        ["update aws:eks/cluster:Cluster", "update aws:rds/instance:Instance"],
                    );
                    assert.equal(readFileSync(join(folder, `Pulumi.${name}.yaml`), "utf8"), file);
                });
            }

            it("is deleted in the opposite order, without anything left but what prod keeps", async () => {
                const log = new StepLog();
                await stack.destroy({ onEvent: log.onEvent });
                const reversed = chains.map((chain) => chain.toReversed());
                assert.deepEqual(log.early("delete", reversed), []);
                const left = livingResources(standIns.log).map(({ type }) => type);
                assert.deepEqual(left.sort(), name === "prod" ? kept : []);
                assert.deepEqual(
                    cloudEvents(standIns.log).filter(({ op }) => op === "refused"),
                    [],
                );
                assert.deepEqual(await pendingOperations(stack), []);
                await poll("the cluster holds nothing that was not there before", 60, async () => {
                    const objects = await clusterObjects(server);
                    return objects.every((each) => objectsBefore.includes(each)) ? true : undefined;
                });
            });
        });
    }
});
