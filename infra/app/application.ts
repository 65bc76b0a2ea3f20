import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type Data, databaseCaFolder } from "../data/data.ts";
import { fromLoadBalancer, fromPrometheus, toDns, toPublicHttps } from "../kubernetes/networkFlows.ts";
import type { Resources } from "../kubernetes/resources.ts";
import type { Network } from "../network/network.ts";
import * as defaults from "./defaults.ts";
import { drain } from "./drain.ts";
import { applicationIngress, type Hosts } from "./ingress.ts";
import { healthCheckAnnotations, type LoadBalancerArgs } from "./loadBalancer.ts";
import { preloadFile, preloadFolder } from "./preload.ts";
import { httpProbes } from "./probes.ts";
import { SchemaJob } from "./schemaJob.ts";
import type { MonitorArgs } from "./serviceMonitor.ts";
import { type ApplicationSecrets, type DiscordArgs, Settings, type SwitchesArgs } from "./settings.ts";
import { type Autoscaled, Workload } from "./workload.ts";

export interface BackendArgs extends Autoscaled {
    /** Image with a tag or digest. */
    image: string;
    resources: Resources;
    switches: SwitchesArgs;
    /** Mount the script that mends what the application has no switch for. */
    preload: boolean;
    /** `/health/ready` asks PostgreSQL, Redis and Discord; `/health/live` only whether the process answers. */
    readinessPath: string;
    /** Has a Prometheus scrape the pods. Default: no ServiceMonitor. */
    monitor?: MonitorArgs | undefined;
}

export interface FrontendArgs extends Autoscaled {
    /** Image with a tag or digest. */
    image: string;
    /** Port nginx listens on. */
    port: number;
    resources: Resources;
}

export interface BotArgs {
    enabled: boolean;
    resources: Resources;
}

export interface MigrationArgs {
    enabled: boolean;
    command: string[];
    resources: Resources;
}

export interface ApplicationArgs {
    namespace: pulumi.Output<string>;
    /** What must exist before the first pod. */
    podsReady: pulumi.Resource[];
    hosts: Hosts;
    discord: DiscordArgs;
    secrets: ApplicationSecrets;
    /** Name of the PriorityClass of all pods. */
    priorityClassName: pulumi.Input<string>;
    /** Name of a Secret of type `kubernetes.io/dockerconfigjson` in the namespace. Default: none. */
    imagePullSecret?: string | undefined;
    backend: BackendArgs;
    frontend: FrontendArgs;
    bot: BotArgs;
    migration: MigrationArgs;
    /** Seconds the process may take after SIGTERM. */
    shutdownSeconds: number;
    /** Seconds until a rollout that is not done is given up. */
    rolloutTimeoutSeconds: number;
    loadBalancer: LoadBalancerArgs;
    /** What must exist before the load balancer, and must outlive it. */
    loadBalancerAfter: readonly pulumi.Resource[];
    /** Wait until the load balancer has an address. */
    waitForAddress: boolean;
    /** Namespace of the Prometheus that scrapes the backend. */
    monitoringNamespace: string;
    network: Network;
    data: Data;
}

interface IngressStatus {
    loadBalancer?: { ingress?: { hostname?: string }[] };
}

/** The Discord Spywatcher: settings, schema job, backend, frontend, optional bot, and the Ingress in front. */
export class Application extends pulumi.ComponentResource {
    /** DNS name of the load balancer; null until it has one. */
    readonly loadBalancerHostname: pulumi.Output<string | null>;

    constructor(name: string, args: ApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:app:Application", name, {}, opts);
        const { namespace, data } = args;
        const child = { parent: this };
        const { imagePullSecret, priorityClassName, rolloutTimeoutSeconds } = args;

        const settings = new Settings(
            `${name}-settings`,
            {
                namespace,
                environment: {
                    port: defaults.backend.port,
                    hosts: args.hosts,
                    discord: args.discord,
                    switches: args.backend.switches,
                    idleTimeoutSeconds: args.loadBalancer.idleTimeoutSeconds,
                },
                secrets: args.secrets,
                databaseUrl: data.databaseUrl,
                databaseCa: data.databaseCa,
                redisUrl: data.redisUrl,
                preload: args.backend.preload,
            },
            child,
        );
        const envFrom: k8s.types.input.core.v1.EnvFromSource[] = [
            { configMapRef: { name: settings.configMap } },
            { secretRef: { name: settings.secret } },
        ];
        const databaseCa = settings.databaseCaConfigMap
            ? [{ name: "database-ca", configMap: settings.databaseCaConfigMap, path: databaseCaFolder }]
            : [];
        const stores = [...args.podsReady, ...data.ready];
        const schema =
            args.migration.enabled &&
            new SchemaJob(
                `${name}-schema`,
                {
                    namespace,
                    image: args.backend.image,
                    imagePullSecret,
                    priorityClassName,
                    command: args.migration.command,
                    resources: args.migration.resources,
                    secret: settings.secret,
                    configMapMounts: databaseCa,
                    databaseEgress: data.databaseEgress,
                    startAfter: stores,
                },
                child,
            );
        const dependencies = schema ? [...stores, schema.job] : stores;

        const { preStopSeconds, terminationGracePeriodSeconds } = drain({
            drainSeconds: args.loadBalancer.targetGroup.deregistrationDelaySeconds,
            shutdownSeconds: args.shutdownSeconds,
        });
        // The Ingress needs the Services, and the pods need the Ingress: each pod is gated by a target group that exists.
        const routed = Promise.withResolvers<pulumi.Resource>();
        const loadBalancerTo = (port: number) =>
            args.network.loadBalancerCidrs.apply((cidrs) => fromLoadBalancer(cidrs, port));

        const backend = new Workload(
            `${name}-backend`,
            {
                namespace,
                tier: "backend",
                pod: {
                    image: args.backend.image,
                    imagePullSecret,
                    priorityClassName,
                    userId: defaults.applicationUserId,
                    resources: args.backend.resources,
                    envFrom,
                    ...(settings.preloadConfigMap && {
                        env: [{ name: "NODE_OPTIONS", value: `--require ${preloadFolder}/${preloadFile}` }],
                    }),
                    configMapMounts: [
                        ...(settings.preloadConfigMap
                            ? [
                                  {
                                      name: "preload",
                                      configMap: settings.preloadConfigMap,
                                      path: preloadFolder,
                                  },
                              ]
                            : []),
                        ...databaseCa,
                    ],
                    port: defaults.backend.port,
                    probes: httpProbes(
                        { ...defaults.backend.probes, readinessPath: args.backend.readinessPath },
                        "http",
                    ),
                    writableFolders: defaults.backend.writableFolders,
                    preStopSeconds,
                    terminationGracePeriodSeconds,
                },
                service: {
                    sessionAffinitySeconds: defaults.backend.sessionAffinitySeconds,
                    annotations: healthCheckAnnotations(args.backend.readinessPath),
                    monitor: args.backend.monitor,
                },
                replicas: args.backend,
                rolloutTimeoutSeconds,
                network: {
                    ingress: loadBalancerTo(defaults.backend.port).apply((rules) => [
                        ...rules,
                        fromPrometheus(args.monitoringNamespace, defaults.backend.port),
                    ]),
                    egress: [toDns(), data.databaseEgress, data.redisEgress, toPublicHttps()],
                },
                startAfter: routed.promise.then((ingress) => [...dependencies, ingress]),
            },
            child,
        );
        const frontend = new Workload(
            `${name}-frontend`,
            {
                namespace,
                tier: "frontend",
                pod: {
                    image: args.frontend.image,
                    imagePullSecret,
                    priorityClassName,
                    userId: defaults.applicationUserId,
                    resources: args.frontend.resources,
                    port: args.frontend.port,
                    probes: httpProbes(defaults.frontend.probes, "http"),
                    writableFolders: defaults.frontend.writableFolders,
                    preStopSeconds,
                    terminationGracePeriodSeconds,
                },
                service: { annotations: healthCheckAnnotations(defaults.readinessPath) },
                replicas: args.frontend,
                rolloutTimeoutSeconds,
                network: { ingress: loadBalancerTo(args.frontend.port), egress: [] },
                startAfter: routed.promise.then((ingress) => [...args.podsReady, ingress]),
            },
            child,
        );
        if (!backend.service || !frontend.service) {
            throw new Error("backend and frontend need a Service each");
        }
        const ingress = applicationIngress(
            `${name}-ingress`,
            {
                namespace,
                hosts: args.hosts,
                loadBalancer: args.loadBalancer,
                frontend: frontend.service,
                backend: backend.service,
                waitForAddress: args.waitForAddress,
                startAfter: args.loadBalancerAfter,
            },
            child,
        );
        routed.resolve(ingress);
        // Absent until the controller has made the load balancer, whatever the types say.
        const status: pulumi.Output<IngressStatus | undefined> = ingress.status;
        this.loadBalancerHostname = status.apply(
            (value) => value?.loadBalancer?.ingress?.[0]?.hostname ?? null,
        );

        if (args.bot.enabled) {
            new Workload(
                `${name}-bot`,
                {
                    namespace,
                    tier: "bot",
                    pod: {
                        image: args.backend.image,
                        imagePullSecret,
                        priorityClassName,
                        command: ["node", "dist/index.js"],
                        userId: defaults.applicationUserId,
                        resources: args.bot.resources,
                        envFrom,
                        configMapMounts: databaseCa,
                        writableFolders: defaults.backend.writableFolders,
                    },
                    // Each further copy opens a gateway session of its own and writes every event twice.
                    replicas: "singleton",
                    rolloutTimeoutSeconds,
                    network: {
                        ingress: [],
                        egress: [toDns(), data.databaseEgress, data.redisEgress, toPublicHttps()],
                    },
                    startAfter: dependencies,
                },
                child,
            );
        }
        this.registerOutputs({ loadBalancerHostname: this.loadBalancerHostname });
    }
}
