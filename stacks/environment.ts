import type * as pulumi from "@pulumi/pulumi";

import { Application } from "../infra/app/application.ts";
import { ApplicationNamespace } from "../infra/app/applicationNamespace.ts";
import type { DnsRecord } from "../infra/edge/dnsRecords.ts";
import { PriorityClasses } from "../infra/platform/priorityClasses.ts";
import { dataStores, type DataOutputs } from "./dataStores.ts";
import { dnsRecords, edgeOf } from "./edge.ts";
import { grafanaDashboards } from "./dashboards.ts";
import { type AwsOutputs, foundation } from "./foundation.ts";
import { alertRules, customMetrics, monitoring } from "./monitoring.ts";
import { validationAccess } from "./validation.ts";
import type { Config } from "./schema/index.ts";

/** What the stack tells its user and other programs. */
export interface StackOutputs extends Partial<AwsOutputs>, Partial<DataOutputs> {
    environment: string;
    clusterName: pulumi.Output<string>;
    namespace: pulumi.Output<string>;
    /** Images in use; the bot, where it is enabled, runs the backend's. */
    images: { backend: string; frontend: string; bot?: string };
    frontendUrl: string;
    apiUrl: string;
    /** DNS name the two hosts must point to; null until the load balancer has one. */
    loadBalancerHostname: pulumi.Output<string | null>;
    /** Records of both hosts that somebody must make, since the configuration names no hosted zone. */
    dnsRecordsToCreate?: pulumi.Output<DnsRecord[]>;
}

/** Builds everything of one environment, lowest layer first. */
export function environment(config: Config, kubeconfig?: string): StackOutputs {
    const { app } = config;
    const base = foundation(config, kubeconfig);
    const { network, cluster, monitoringDefinitions, aws } = base;
    const edge = edgeOf(config, aws);
    const opts = { providers: { kubernetes: cluster.provider } };
    const priorities = new PriorityClasses("priority", { prefix: app.namespace }, opts);
    const stack = monitoring(
        config,
        {
            priorityClassName: priorities.monitoring,
            cluster,
            aws,
            definitions: monitoringDefinitions,
            cloudWatch: aws && { account: aws.account, clusterName: aws.namePrefix, cluster: cluster.name },
            startAfter: [...base.loadBalancersReady, ...base.podsReady],
        },
        aws ? { providers: { ...opts.providers, aws: aws.provider } } : opts,
    );
    grafanaDashboards(config, { monitoring: stack, clusterName: aws?.namePrefix }, opts);
    const namespace = new ApplicationNamespace(
        "spywatcher",
        {
            name: app.namespace,
            environment: config.environment,
            protect: config.protect,
            startAfter: base.loadBalancersReady,
        },
        opts,
    );
    validationAccess(config, { namespace: namespace.namespace, monitoring: stack }, opts);
    customMetrics(
        config,
        { monitoring: stack, priorityClassName: priorities.monitoring, startAfter: namespace.ready },
        opts,
    );
    alertRules(
        config,
        {
            namespace: namespace.namespace,
            definitions: monitoringDefinitions,
            monitoring: stack,
            startAfter: namespace.ready,
        },
        opts,
    );
    const podsReady = [...namespace.ready, ...base.podsReady];
    // Not after the adapter: without its metrics an HPA still scales up, and it comes with the whole of monitoring.
    const { metricsReady } = base;
    const stores = dataStores(config, base, {
        namespace: namespace.namespace,
        podsReady,
        priorityClassName: priorities.app,
    });
    const { preload, switches, autoscaling } = app.backend;
    const application = new Application(
        "app",
        {
            namespace: namespace.namespace,
            podsReady,
            priorityClassName: priorities.app,
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
                metricsReady,
                monitor: monitoringDefinitions && {
                    definitions: monitoringDefinitions,
                    labels: config.monitoring.objectLabels,
                },
                switches: {
                    ...switches,
                    // Without the preload script all clients look like one: a limit would hit everybody at once.
                    rateLimiting: switches.rateLimiting ?? preload,
                    ipBlocking: switches.ipBlocking ?? preload,
                },
            },
            frontend: { ...app.frontend, metricsReady },
            bot: app.bot,
            migration: app.migration,
            shutdownSeconds: app.ingress.shutdownSeconds,
            rolloutTimeoutSeconds: app.rolloutTimeoutSeconds,
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
            loadBalancerAfter: edge.ready,
            waitForAddress: app.ingress.waitForAddress,
            monitoringNamespace: config.monitoring.namespace,
            network,
            data: stores.data,
        },
        opts,
    );
    return {
        environment: config.environment,
        clusterName: cluster.name,
        ...base.outputs,
        ...stores.outputs,
        namespace: namespace.namespace,
        images: {
            backend: app.backend.image,
            frontend: app.frontend.image,
            ...(app.bot.enabled && { bot: app.backend.image }),
        },
        frontendUrl: `https://${app.hosts.frontend}`,
        apiUrl: `https://${app.hosts.api}`,
        loadBalancerHostname: application.loadBalancerHostname,
        ...dnsRecords(config, aws, application.loadBalancerHostname),
    };
}
