import { z } from "zod";

import * as defaults from "../../infra/app/defaults.ts";
import { routingAlgorithms } from "../../infra/app/loadBalancer.ts";
import { bytes, cpu, hostName, image, integer, kubernetesName, port, snowflake } from "./primitives.ts";
import { customMetrics, disruptionBudget, replicas } from "./scaling.ts";

const resources = (seed: {
    requests: { cpu: string; memory: string };
    limits: { cpu: string; memory: string };
}) =>
    z
        .strictObject({
            requests: z
                .strictObject({
                    cpu: cpu()
                        .default(seed.requests.cpu)
                        .describe("CPU reserved for each pod; the HPA's CPU target is a share of it."),
                    memory: bytes()
                        .default(seed.requests.memory)
                        .describe(
                            "Memory reserved for each pod; the HPA's memory target is a share of it. Idle use above 53 % of it keeps the HPA from returning to 2 pods.",
                        ),
                })
                .prefault({}),
            limits: z
                .strictObject({
                    cpu: cpu().default(seed.limits.cpu).describe("CPU at which a pod is throttled."),
                    memory: bytes().default(seed.limits.memory).describe("Memory at which a pod is killed."),
                })
                .prefault({}),
        })
        .prefault({});

const backend = z
    .strictObject({
        image: image()
            .meta({ examples: ["registry.example.com/spywatcher-backend:1.2.3"] })
            .describe("Image of backend, bot and schema job, with a tag other than `latest` or a digest."),
        autoscaling: replicas(defaults.backend.autoscaling).extend({ customMetrics }).prefault({}),
        disruptionBudget,
        resources: resources(defaults.backend.resources),
        readinessPath: z
            .enum(["/health/ready", "/health/live"])
            .default("/health/ready")
            .describe(
                "Path of the readiness probe and of the load balancer's health check. `/health/ready` also asks PostgreSQL, Redis and Discord, so an outage of Discord takes every pod out of service; `/health/live` asks only the process.",
            ),
        preload: z
            .boolean()
            .default(true)
            .describe(
                "Mount a script that mends, before the application starts, what it has no switch for: probes delayed after 50 requests, one rate limit for all clients, keep-alive shorter than the load balancer's, public /metrics. Switch it off when the image has these mended.",
            ),
        switches: z
            .strictObject({
                logLevel: z
                    .enum(["error", "warn", "info", "debug"])
                    .default("info")
                    .describe("Least severe level that is logged."),
                loadShedding: z
                    .boolean()
                    .default(false)
                    .describe(
                        "The application's own load shedding and circuit breaker. They answer 503 to the probes too, so the kubelet kills pods exactly when the HPA adds them.",
                    ),
                rateLimiting: z
                    .boolean()
                    .optional()
                    .describe(
                        "100 requests per client and 15 minutes on /api. Default: on with `preload`, off without, since then all clients share one limit.",
                    ),
                ipBlocking: z
                    .boolean()
                    .optional()
                    .describe(
                        "Block a client for an hour after 10 refusals. Default: on with `preload`, off without, since then the load balancer itself would be blocked.",
                    ),
                trustedProxyHops: integer(0, 10)
                    .default(1)
                    .describe(
                        "Proxies in front of the backend whose X-Forwarded-For is trusted: 1 for the load balancer, 2 with a CDN in front of it.",
                    ),
            })
            .prefault({}),
    })
    .describe("The API and WebSocket server.");

const frontend = z
    .strictObject({
        image: image()
            .meta({ examples: ["registry.example.com/spywatcher-frontend:1.2.3"] })
            .describe("Image of the web interface, with a tag other than `latest` or a digest."),
        port: port()
            .default(defaults.frontend.port)
            .describe(
                "Port nginx listens on. Below 1024 the pod gets the sysctl that lets an unprivileged process bind it.",
            ),
        autoscaling: replicas(defaults.frontend.autoscaling).prefault({}),
        disruptionBudget,
        resources: resources(defaults.frontend.resources),
    })
    .describe("The web interface.");

const ingress = z
    .strictObject({
        scheme: z
            .enum(["internet-facing", "internal"])
            .default("internet-facing")
            .describe("Where the load balancer is reachable from. A change replaces it."),
        sslPolicy: z
            .string()
            .regex(
                /^ELBSecurityPolicy-/,
                "must be the name of an ELB security policy, such as ELBSecurityPolicy-TLS13-1-2-2021-06",
            )
            .default("ELBSecurityPolicy-TLS13-1-2-2021-06")
            .describe("Security policy of the HTTPS listener: TLS 1.2 and 1.3 by default."),
        http2: z.boolean().default(true).describe("HTTP/2 between client and load balancer."),
        idleTimeoutSeconds: integer(1, 4000)
            .default(60)
            .describe(
                "Seconds after which an idle connection is closed. The backend's keep-alive follows it (5 s longer).",
            ),
        drainSeconds: integer(0, 3600)
            .default(defaults.drainSeconds)
            .describe(
                "Seconds a deregistering target may finish requests. The preStop sleep (10 s longer) and the termination grace period (longer by `shutdownSeconds` and 5 s more) follow it.",
            ),
        shutdownSeconds: integer(1, 600)
            .default(defaults.shutdownSeconds)
            .describe("Seconds the application may take after SIGTERM."),
        algorithm: z
            .enum(routingAlgorithms)
            .default("least_outstanding_requests")
            .describe(
                "How a target is picked. `least_outstanding_requests` is what comes closest to nginx's EWMA.",
            ),
        slowStartSeconds: integer(0, 900)
            .refine((value) => value === 0 || value >= 30, "must be 0 (off) or from 30 to 900")
            .default(0)
            .describe(
                "Seconds over which a new target's share of requests grows; 0 is off, else 30 to 900. Only with round_robin.",
            ),
        stickiness: z.boolean().default(true).describe("Keep a client on its target by cookie."),
        stickinessSeconds: integer(1, 604_800).default(3600).describe("How long the cookie holds."),
        crossZone: z
            .boolean()
            .default(true)
            .describe("Spread requests over the targets of all zones. Stickiness needs it."),
        deletionProtection: z
            .boolean()
            .default(false)
            .describe("Refuse to delete the load balancer. `destroy --confirm` takes it off by itself."),
        waitForAddress: z
            .boolean()
            .default(true)
            .describe(
                "Wait until the load balancer has an address before pods start, so that readiness gates are injected. Set it to false only where no AWS Load Balancer Controller runs.",
            ),
    })
    .prefault({})
    .describe("The Application Load Balancer in front of both.");

export const appSchema = z
    .strictObject({
        namespace: kubernetesName()
            .default("spywatcher")
            .describe("Namespace of the application. A change replaces everything in it."),
        hosts: z.strictObject({
            frontend: hostName()
                .meta({ examples: ["spywatcher.example.com"] })
                .describe("Host name of the web interface; CORS, redirect and front-end URLs follow it."),
            api: hostName()
                .meta({ examples: ["api.spywatcher.example.com"] })
                .describe("Host name of the API and the WebSocket."),
        }),
        discord: z.strictObject({
            clientId: z
                .string()
                .min(10, "must have at least 10 characters")
                .meta({ examples: ["123456789012345678"] })
                .describe("Client id of the Discord application. Not secret: every login page shows it."),
            guildId: snowflake().optional().describe("Fallback guild."),
            adminIds: z.array(snowflake()).default([]).describe("Discord user ids of the administrators."),
            botGuildIds: z
                .array(snowflake())
                .default([])
                .describe("Guilds the bot serves; with none, guild routes answer 403."),
        }),
        imagePullSecret: kubernetesName()
            .optional()
            .describe(
                "Secret of type kubernetes.io/dockerconfigjson in the namespace, for a private registry.",
            ),
        architectures: z
            .array(z.enum(["amd64", "arm64"]))
            .min(1, "must name at least one architecture")
            .default(["amd64"])
            .describe("Processor architectures both images are built for; nodes are chosen accordingly."),
        backend,
        frontend,
        bot: z
            .strictObject({
                enabled: z
                    .boolean()
                    .default(false)
                    .describe("Run the Discord gateway bot: exactly one pod, never two at a time."),
                resources: resources(defaults.bot.resources),
            })
            .prefault({}),
        migration: z
            .strictObject({
                enabled: z
                    .boolean()
                    .default(true)
                    .describe(
                        "Bring the database to the image's schema before new pods start. A failure stops the update.",
                    ),
                command: z
                    .array(z.string().min(1, "must not be empty"))
                    .min(1, "must name a program")
                    .default(defaults.migration.command)
                    .describe("Command in the backend's image."),
                resources: resources(defaults.migration.resources),
            })
            .prefault({}),
        rolloutTimeoutSeconds: integer(60, 14_400)
            .default(defaults.rolloutTimeoutSeconds)
            .describe(
                "Seconds until `up` and Kubernetes give up a rollout that is not done; the old pods go on serving. Pods are replaced one after the other, so it has to be more than the most pods times the seconds one of them takes: its start-up, up to 15 for the readiness probe, in AWS 20 for the load balancer's health check.",
            ),
        ingress,
    })
    .describe("The application.");
