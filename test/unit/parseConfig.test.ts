import assert from "node:assert/strict";

import { instanceTypeNames } from "../../infra/cluster/instanceTypes.ts";
import { readStackFile } from "../../ops/stackFile.ts";
import { parseConfig } from "../../stacks/parseConfig.ts";
import { ConfigError } from "../../stacks/problems.ts";
import { projectFolder } from "../support/plans.ts";

type Path = string;

const existingCluster = { kind: "existing", name: "there", kubeconfig: "kubeconfig", embedded: {} };

/** The local stack's configuration as written, with the values at some paths replaced; undefined removes the key. */
function raw(changes: Record<Path, unknown> = {}, stack = "local"): Record<string, unknown> {
    const config = structuredClone(readStackFile(projectFolder, stack).config) as unknown as Record<
        string,
        unknown
    >;
    for (const [path, value] of Object.entries(changes)) {
        const keys = path.split(".");
        const last = keys.pop() ?? "";
        let holder: Record<string, unknown> = config;
        for (const key of keys) holder = (holder[key] ??= {}) as Record<string, unknown>;
        if (value === undefined) Reflect.deleteProperty(holder, last);
        else holder[last] = value;
    }
    return config;
}

function problems(changes: Record<Path, unknown>, stack = "local"): readonly string[] {
    try {
        parseConfig(raw(changes, stack));
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.problems;
    }
    return [];
}

describe("parseConfig", () => {
    it("takes the three stacks as they are", () => {
        for (const stack of ["local", "dev", "prod"]) assert.deepEqual(problems({}, stack), []);
    });

    const cases: { name: string; changes: Record<Path, unknown>; expected: string[]; stack?: string }[] = [
        {
            name: "an unknown key",
            changes: { "app.backend.replicas": 3 },
            expected: [
                "spywatcher:app.backend.replicas: unknown key; allowed here: image, autoscaling, disruptionBudget, resources, readinessPath, preload, switches",
            ],
        },
        {
            name: "an unknown section",
            changes: { scaling: {} },
            expected: [
                "spywatcher:scaling: unknown key; allowed here: environment, protect, aws, cluster, network, data, edge, alarms, monitoring, platform, app, secrets",
            ],
        },
        {
            name: "a key of another kind of data",
            changes: { "data.postgres.host": "db.example.com" },
            expected: ["spywatcher:data.postgres.host: unknown key; allowed here: storage, storageClassName"],
        },
        {
            name: "a wrong type",
            changes: { "app.backend.autoscaling.maxReplicas": "ten" },
            expected: [
                'spywatcher:app.backend.autoscaling.maxReplicas: must be a whole number from 1 to 1000 (is "ten")',
            ],
        },
        {
            name: "a fraction of a pod",
            changes: { "app.backend.autoscaling.maxReplicas": 2.5 },
            expected: [
                "spywatcher:app.backend.autoscaling.maxReplicas: must be a whole number from 1 to 1000 (is 2.5)",
            ],
        },
        {
            name: "a missing key",
            changes: { "cluster.name": undefined },
            expected: ["spywatcher:cluster.name: is required"],
        },
        {
            name: "a missing section",
            changes: { app: undefined },
            expected: ["spywatcher:app: is required"],
        },
        {
            name: "an unknown environment",
            changes: { environment: "staging" },
            expected: ['spywatcher:environment: must be one of local, dev, prod (is "staging")'],
        },
        {
            name: "HPA bounds the wrong way round",
            changes: { "app.backend.autoscaling.minReplicas": 11 },
            expected: [
                "spywatcher:app.backend.autoscaling.minReplicas: must not be greater than maxReplicas, which is 10 (is 11)",
            ],
        },
        {
            name: "a budget that allows no disruption",
            changes: { "app.frontend.disruptionBudget.minAvailable": 2 },
            expected: [
                "spywatcher:app.frontend.disruptionBudget.minAvailable: must be less than autoscaling.minReplicas, which is 2, or no node can ever be drained; or use {maxUnavailable: 1} (is 2)",
            ],
        },
        {
            name: "a budget that lets no pod go",
            changes: { "app.frontend.disruptionBudget": { maxUnavailable: 0 } },
            expected: [
                "spywatcher:app.frontend.disruptionBudget.maxUnavailable: must be at least 1, or no node can ever be drained (is 0)",
            ],
        },
        {
            name: "a budget of both kinds",
            changes: { "app.frontend.disruptionBudget": { minAvailable: 1, maxUnavailable: 1 } },
            expected: [
                "spywatcher:app.frontend.disruptionBudget: must be {minAvailable: n} or {maxUnavailable: n}, one of the two",
            ],
        },
        {
            name: "a request over its limit",
            changes: { "app.backend.resources.requests.memory": "2Gi" },
            expected: [
                'spywatcher:app.backend.resources.requests.memory: must not be more than limits.memory, which is 1Gi (is "2Gi")',
            ],
        },
        {
            name: "a quantity that is none",
            changes: { "app.backend.resources.requests.cpu": "half" },
            expected: [
                'spywatcher:app.backend.resources.requests.cpu: must be a CPU quantity such as 500m or 2 (is "half")',
            ],
        },
        {
            name: "a JWT secret of 23 characters, without showing it",
            changes: { "secrets.jwtSecret": "not-real-not-real-not-r" },
            expected: [
                "spywatcher:secrets.jwtSecret: must have at least 32 characters (is a secret of 23 characters)",
            ],
        },
        {
            name: "an empty required secret",
            changes: { "secrets.discordBotToken": "" },
            expected: [
                "spywatcher:secrets.discordBotToken: must have at least 50 characters (is a secret of 0 characters)",
            ],
        },
        {
            name: "an empty optional URL",
            changes: { "secrets.sentryDsn": "" },
            expected: [
                "spywatcher:secrets.sentryDsn: must be an https URL; leave the key out when there is none (is a secret of 0 characters)",
            ],
        },
        {
            name: "a password that breaks a URL",
            changes: { "secrets.postgresPassword": "not/a/real/password@" },
            expected: [
                "spywatcher:secrets.postgresPassword: must have only letters, digits and . _ ~ -, which a URL takes as they are (is a secret of 20 characters)",
            ],
        },
        {
            name: "one key for both kinds of token",
            changes: { "secrets.jwtRefreshSecret": "not-a-real-secret-for-access-tokens" },
            expected: [
                "spywatcher:secrets.jwtRefreshSecret: must differ from jwtSecret: with one key an access token would pass as a refresh token (is a secret of 35 characters)",
            ],
        },
        {
            name: "a host that is no DNS name",
            changes: { "app.hosts.frontend": "Spywatcher example" },
            expected: [
                'spywatcher:app.hosts.frontend: must be a DNS name such as spywatcher.example.com, in lower case (is "Spywatcher example")',
            ],
        },
        {
            name: "one host for both",
            changes: { "app.hosts.api": "spywatcher.localhost.example" },
            expected: [
                'spywatcher:app.hosts.api: must differ from hosts.frontend: each request is routed by its host (is "spywatcher.localhost.example")',
            ],
        },
        {
            name: "an image without tag",
            changes: { "app.backend.image": "ghcr.io/team/backend" },
            expected: [
                'spywatcher:app.backend.image: has no tag; add one (name:1.2.3) or a digest (name@sha256:…) (is "ghcr.io/team/backend")',
            ],
        },
        {
            name: "the tag latest",
            changes: { "app.backend.image": "registry.example.com:5000/team/backend:latest" },
            expected: [
                'spywatcher:app.backend.image: must not be latest: a tag that moves makes an update change nothing; use a version or a digest (is "registry.example.com:5000/team/backend:latest")',
            ],
        },
        {
            name: "something that is no image",
            changes: { "app.frontend.image": "Team/Frontend:1.0" },
            expected: [
                'spywatcher:app.frontend.image: must be an image reference such as registry.example.com/team/name:1.2.3 (is "Team/Frontend:1.0")',
            ],
        },
        {
            name: "attributes ELB refuses together",
            changes: { "app.ingress.slowStartSeconds": 30 },
            expected: [
                "spywatcher:app.ingress: the load balancer refuses this: slow start cannot be combined with least_outstanding_requests; set slowStartSeconds to 0 or use round_robin",
            ],
        },
        {
            name: "a slow start ELB does not know",
            changes: { "app.ingress.slowStartSeconds": 10 },
            expected: ["spywatcher:app.ingress.slowStartSeconds: must be 0 (off) or from 30 to 900 (is 10)"],
        },
        {
            name: "a rollout that could not be done in its time",
            changes: { "app.rolloutTimeoutSeconds": 60 },
            expected: [
                "spywatcher:app.rolloutTimeoutSeconds: must be at least 100 and the pods' start-up: a rollout replaces 10 backend pods one after the other, each with 10 s until its first readiness probe (is 60)",
            ],
        },
        {
            name: "a time for rollouts that is none",
            changes: { "app.rolloutTimeoutSeconds": 59 },
            expected: ["spywatcher:app.rolloutTimeoutSeconds: must be from 60 to 14400 (is 59)"],
        },
        {
            name: "more connections than the server gives",
            changes: { "data.connectionLimit": 20 },
            expected: [
                "spywatcher:data.connectionLimit: 22 processes at most (replicas, surge, pods that drain, bot, schema job) need 440 connections, but PostgreSQL gives 197 (maxConnections 200 less 3 for superusers); at most 8 is allowed (is 20)",
            ],
        },
        {
            name: "more pods than the quota holds",
            changes: { "app.backend.autoscaling.maxReplicas": 40, "data.connectionLimit": 1 },
            expected: [
                "spywatcher:app: at the maximum of all replicas the pods' requests.cpu add up to 22.1, more than the namespace's quota of 20; lower maxReplicas or resources.requests.cpu",
                "spywatcher:app: at the maximum of all replicas the pods' limits.cpu add up to 46, more than the namespace's quota of 40; lower maxReplicas or resources.limits.cpu",
            ],
        },
        {
            name: "a network that is none",
            changes: { "network.loadBalancerCidrs": ["10.0.0.0/33"] },
            expected: [
                'spywatcher:network.loadBalancerCidrs[0]: must be an IPv4 network such as 10.0.0.0/16 (is "10.0.0.0/33")',
            ],
        },
        {
            name: "no subnets for the load balancer in prod",
            stack: "prod",
            changes: {
                cluster: existingCluster,
                network: { kind: "unmanaged" },
                data: { kind: "in-cluster" },
                edge: undefined,
                monitoring: undefined,
            },
            expected: [
                "spywatcher:network.loadBalancerCidrs: must name the load balancer's subnets in prod: without them the network policies let no request in",
            ],
        },
        {
            name: "pods without readiness gates in prod",
            stack: "prod",
            changes: { "app.ingress.waitForAddress": false },
            expected: [
                "spywatcher:app.ingress.waitForAddress: must be true in prod: pods that start before their target group exists get no readiness gate (is false)",
            ],
        },
        {
            name: "an ARN that is none",
            stack: "prod",
            changes: { "edge.certificateArn": "arn:aws:iam::123456789012:server-certificate/x" },
            expected: [
                'spywatcher:edge.certificateArn: must be an ARN such as arn:aws:acm:us-east-1:123456789012:… (is "arn:aws:iam::123456789012:server-certificate/x")',
            ],
        },
        {
            name: "an unknown kind of data",
            changes: { data: { kind: "rds" } },
            expected: ['spywatcher:data.kind: must be "in-cluster", "external", "aws" or "mixed" (is "rds")'],
        },
        {
            name: "a pod larger than a node",
            changes: {
                "cluster.embedded.instanceType": "t3.medium",
                "app.bot.enabled": true,
                "app.bot.resources": {
                    requests: { cpu: "2", memory: "256Mi" },
                    limits: { cpu: "2", memory: "512Mi" },
                },
            },
            expected: [
                'spywatcher:cluster.embedded.instanceType: must be larger: a pod requests 2 of cpu, but a node has 1930m for pods (is "t3.medium")',
            ],
        },
        {
            name: "an instance type the embedded cluster does not know",
            changes: { "cluster.embedded.instanceType": "t2.nano" },
            expected: [
                `spywatcher:cluster.embedded.instanceType: must be one of ${instanceTypeNames.join(", ")} (is "t2.nano")`,
            ],
        },
    ];
    for (const { name, changes, expected, stack } of cases) {
        it(`refuses ${name}`, () => assert.deepEqual(problems(changes, stack), expected));
    }

    it("reports everything at once, checks across keys included", () => {
        assert.deepEqual(
            problems({
                "cluster.name": undefined,
                "app.backend.image": "backend",
                "app.frontend.autoscaling.minReplicas": 6,
                "secrets.jwtSecret": "short",
                "network.loadBalancerCidrs": ["nowhere"],
            }).map((problem) => problem.slice(0, problem.indexOf(": "))),
            [
                "spywatcher:cluster.name",
                "spywatcher:network.loadBalancerCidrs[0]",
                "spywatcher:app.backend.image",
                "spywatcher:secrets.jwtSecret",
                "spywatcher:app.frontend.autoscaling.minReplicas",
            ],
        );
    });

    it("does not report a check across keys whose key is wrong by itself", () => {
        assert.deepEqual(
            problems({
                "app.backend.autoscaling.minReplicas": 11,
                "app.backend.autoscaling.maxReplicas": "many",
            }),
            [
                'spywatcher:app.backend.autoscaling.maxReplicas: must be a whole number from 1 to 1000 (is "many")',
            ],
        );
    });

    it("never shows a value that may be a secret in the wrong place", () => {
        assert.deepEqual(
            problems({ jwtSecret: "canary", "secrets.jwtsecret": "canary" }).join().includes("canary"),
            false,
        );
    });

    it("says how many problems there are and that nothing was changed", () => {
        assert.throws(() => parseConfig(raw({ "app.backend.image": "x", "cluster.name": "X" })), {
            name: "ConfigError",
            message:
                /^The configuration has 2 problems; nothing was changed\.\n {2}spywatcher:cluster\.name: .*\n {2}spywatcher:app\.backend\.image: /,
        });
    });

    it("fills in the defaults", () => {
        const config = parseConfig(raw());
        assert.equal(config.app.namespace, "spywatcher");
        assert.equal(config.app.ingress.drainSeconds, 60);
        assert.equal(config.app.ingress.stickinessSeconds, 3600);
        assert.equal(config.data.connectionLimit, 5);
        assert.equal(config.protect, false);
    });
});
