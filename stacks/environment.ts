import type * as pulumi from "@pulumi/pulumi";

import { Application } from "../infra/app/application.ts";
import { ApplicationNamespace } from "../infra/app/applicationNamespace.ts";
import type { Data } from "../infra/data/data.ts";
import { ExternalData } from "../infra/data/externalData.ts";
import { InClusterData } from "../infra/data/inClusterData.ts";
import { type AwsOutputs, foundation } from "./foundation.ts";
import { customMetrics, monitoring } from "./monitoring.ts";
import type { Config } from "./schema/index.ts";

/** What the stack tells its user and other programs. */
export interface StackOutputs extends Partial<AwsOutputs> {
    environment: string;
    clusterName: pulumi.Output<string>;
    namespace: pulumi.Output<string>;
    frontendUrl: string;
    apiUrl: string;
    /** DNS name the two hosts must point to; null until the load balancer has one. */
    loadBalancerHostname: pulumi.Output<string | null>;
}

function data(config: Config, namespace: ApplicationNamespace, opts: pulumi.ComponentResourceOptions): Data {
    const { data: args, secrets, protect } = config;
    if (args.kind === "in-cluster") {
        return new InClusterData(
            "data",
            {
                namespace: namespace.namespace,
                namespaceReady: namespace.ready,
                postgresPassword: secrets.postgresPassword,
                redisPassword: secrets.redisPassword,
                postgres: args.postgres,
                redis: args.redis,
                pool: args,
                protect,
            },
            opts,
        );
    }
    return new ExternalData(
        "data",
        {
            postgres: { ...args.postgres, password: secrets.postgresPassword },
            redis: { ...args.redis, password: secrets.redisPassword },
            pool: args,
        },
        opts,
    );
}

/** Builds everything of one environment, lowest layer first. */
export function environment(config: Config, kubeconfig?: string): StackOutputs {
    const { app, edge } = config;
    const { network, cluster, ready, monitoringDefinitions, outputs } = foundation(config, kubeconfig);
    const opts = { providers: { kubernetes: cluster.provider } };
    const stack = monitoring(config, { definitions: monitoringDefinitions, startAfter: ready }, opts);
    const namespace = new ApplicationNamespace(
        "spywatcher",
        {
            name: app.namespace,
            environment: config.environment,
            protect: config.protect,
            startAfter: ready,
        },
        opts,
    );
    const adapter = customMetrics(config, { monitoring: stack, startAfter: namespace.ready }, opts);
    const { preload, switches, autoscaling } = app.backend;
    const application = new Application(
        "app",
        {
            namespace: namespace.namespace,
            namespaceReady: namespace.ready,
            hosts: app.hosts,
            discord: app.discord,
            secrets: config.secrets,
            imagePullSecret: app.imagePullSecret,
            backend: {
                ...app.backend,
                autoscaling: {
                    ...autoscaling,
                    customMetrics: autoscaling.customMetrics.enabled ? autoscaling.customMetrics : undefined,
                },
                metricsReady: adapter?.ready,
                monitorDefinitions: monitoringDefinitions,
                switches: {
                    ...switches,
                    // Without the preload script all clients look like one: a limit would hit everybody at once.
                    rateLimiting: switches.rateLimiting ?? preload,
                    ipBlocking: switches.ipBlocking ?? preload,
                },
            },
            frontend: app.frontend,
            bot: app.bot,
            migration: app.migration,
            shutdownSeconds: app.ingress.shutdownSeconds,
            loadBalancer: {
                scheme: app.ingress.scheme,
                certificateArn: edge.certificateArn,
                sslPolicy: app.ingress.sslPolicy,
                http2: app.ingress.http2,
                idleTimeoutSeconds: app.ingress.idleTimeoutSeconds,
                deletionProtection: app.ingress.deletionProtection,
                accessLogs: edge.accessLogs,
                wafAclArn: edge.wafAclArn,
                targetGroup: {
                    deregistrationDelaySeconds: app.ingress.drainSeconds,
                    stickinessSeconds: app.ingress.stickiness ? app.ingress.stickinessSeconds : undefined,
                    algorithm: app.ingress.algorithm,
                    slowStartSeconds: app.ingress.slowStartSeconds,
                    crossZone: app.ingress.crossZone,
                },
            },
            waitForAddress: app.ingress.waitForAddress,
            monitoringNamespace: config.monitoring.namespace,
            network,
            data: data(config, namespace, opts),
        },
        opts,
    );
    return {
        environment: config.environment,
        clusterName: cluster.name,
        ...outputs,
        namespace: namespace.namespace,
        frontendUrl: `https://${app.hosts.frontend}`,
        apiUrl: `https://${app.hosts.api}`,
        loadBalancerHostname: application.loadBalancerHostname,
    };
}
