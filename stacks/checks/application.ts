import * as defaults from "../../infra/app/defaults.ts";
import { allowedDisruptions } from "../../infra/app/disruptionBudget.ts";
import { drain } from "../../infra/app/drain.ts";
import { refusedAttributePairs, targetHealthySeconds } from "../../infra/app/loadBalancer.ts";
import type { Problem } from "../problems.ts";
import type { Config } from "../schema/index.ts";
import { maxConnections } from "../maxConnections.ts";
import { amount, peak, surge, workloads } from "./peak.ts";

/** The HPA's bounds are in order. */
export function replicaBounds({ app }: Config): Problem[] {
    return workloads.flatMap((name) => {
        const { minReplicas, maxReplicas } = app[name].autoscaling;
        const path = ["app", name, "autoscaling"];
        return minReplicas <= maxReplicas
            ? []
            : [
                  {
                      path: [...path, "minReplicas"],
                      message: `must not be greater than maxReplicas, which is ${maxReplicas}`,
                      related: [[...path, "maxReplicas"]],
                  },
              ];
    });
}

/** Each PodDisruptionBudget lets at least one pod go at the floor. */
export function disruptions({ app }: Config): Problem[] {
    return workloads.flatMap((name): Problem[] => {
        const { disruptionBudget, autoscaling } = app[name];
        if (allowedDisruptions(disruptionBudget, autoscaling.minReplicas) >= 1) return [];
        const path = ["app", name, "disruptionBudget"];
        const related = [["app", name, "autoscaling", "minReplicas"]];
        return "minAvailable" in disruptionBudget
            ? [
                  {
                      path: [...path, "minAvailable"],
                      message: `must be less than autoscaling.minReplicas, which is ${autoscaling.minReplicas}, or no node can ever be drained; or use {maxUnavailable: 1}`,
                      related,
                  },
              ]
            : [
                  {
                      path: [...path, "maxUnavailable"],
                      message: "must be at least 1, or no node can ever be drained",
                      related,
                  },
              ];
    });
}

/** No request is over its limit. */
export function requestsWithinLimits({ app }: Config): Problem[] {
    return [...workloads, "bot" as const, "migration" as const].flatMap((name) =>
        (["cpu", "memory"] as const).flatMap((resource): Problem[] => {
            const { requests, limits } = app[name].resources;
            const path = ["app", name, "resources"];
            return amount(requests[resource]) <= amount(limits[resource])
                ? []
                : [
                      {
                          path: [...path, "requests", resource],
                          message: `must not be more than limits.${resource}, which is ${limits[resource]}`,
                          related: [[...path, "limits", resource]],
                      },
                  ];
        }),
    );
}

/** The load balancer takes the target group's attributes together. */
export function attributePairs({ app }: Config): Problem[] {
    const { algorithm, slowStartSeconds, stickiness, stickinessSeconds, crossZone } = app.ingress;
    return refusedAttributePairs({
        deregistrationDelaySeconds: app.ingress.drainSeconds,
        algorithm,
        slowStartSeconds,
        stickinessSeconds: stickiness ? stickinessSeconds : undefined,
        crossZone,
    }).map((sentence) => ({
        path: ["app", "ingress"],
        message: `the load balancer refuses this: ${sentence}`,
        related: ["algorithm", "slowStartSeconds", "stickiness", "crossZone"].map((key) => [
            "app",
            "ingress",
            key,
        ]),
    }));
}

/** Seconds a pod's target takes to be healthy, which a rollout waits for behind a load balancer of AWS. */
function targetSeconds({ cluster }: Config): number {
    return cluster.kind === "eks" ? targetHealthySeconds : 0;
}

/** A rollout of as many pods as there may be can be done in time, even if the pods start at once. */
export function rolloutTime(config: Config): Problem[] {
    const { app } = config;
    return workloads.flatMap((name): Problem[] => {
        const { maxReplicas } = app[name].autoscaling;
        const { initialDelaySeconds } = defaults[name].probes.readiness;
        const behindTargetGroup = targetSeconds(config);
        const least = maxReplicas * (initialDelaySeconds + behindTargetGroup);
        const parts = `${initialDelaySeconds} s until its first readiness probe${behindTargetGroup > 0 ? ` and ${behindTargetGroup} s until its target is healthy` : ""}`;
        return least <= app.rolloutTimeoutSeconds
            ? []
            : [
                  {
                      path: ["app", "rolloutTimeoutSeconds"],
                      message: `must be at least ${least} and the pods' start-up: a rollout replaces ${maxReplicas} ${name} pods one after the other, each with ${parts}`,
                      related: [["app", name, "autoscaling", "maxReplicas"]],
                  },
              ];
    });
}

/**
 * Backend pods that still drain, and keep their connections, while a rollout goes on: Kubernetes does not count them in
 * `maxSurge`, and each step of the rollout leaves one more.
 */
function drainingPods(config: Config): number {
    const { ingress, backend } = config.app;
    const step = defaults.backend.probes.readiness.initialDelaySeconds + targetSeconds(config);
    const { terminationGracePeriodSeconds } = drain(ingress);
    return Math.min(backend.autoscaling.maxReplicas, Math.ceil(terminationGracePeriodSeconds / step));
}

/** PostgreSQL has a connection for every process at its peak. */
export function connections(config: Config): Problem[] {
    const { app, data } = config;
    const processes =
        app.backend.autoscaling.maxReplicas +
        surge +
        drainingPods(config) +
        (app.bot.enabled ? 1 : 0) +
        (app.migration.enabled ? 1 : 0);
    const needed = processes * data.connectionLimit;
    const { limit, reserved, reservedFor, key } = maxConnections(data);
    const available = limit - reserved;
    return needed <= available
        ? []
        : [
              {
                  path: ["data", "connectionLimit"],
                  message: `${processes} processes at most (replicas, surge, pods that drain, bot, schema job) need ${needed} connections, but PostgreSQL gives ${available} (maxConnections ${limit} less ${reserved} for ${reservedFor}); at most ${Math.floor(available / processes)} is allowed`,
                  related: [
                      ["data", ...key],
                      ["app", "backend", "autoscaling", "maxReplicas"],
                  ],
              },
          ];
}

/** The namespace's quota has room for everything at its peak. */
export function quota(config: Config): Problem[] {
    const uses = peak(config);
    return (["requests", "limits"] as const).flatMap((kind) =>
        (["cpu", "memory"] as const).flatMap((resource): Problem[] => {
            const hard = defaults.resourceQuota[`${kind}.${resource}`];
            const needed = uses.reduce(
                (sum, use) => sum + use.pods * amount(use.resources[kind][resource]),
                0,
            );
            const shown =
                resource === "cpu" ? `${Math.ceil(needed * 100) / 100}` : `${Math.ceil(needed / 2 ** 20)}Mi`;
            return needed <= amount(hard)
                ? []
                : [
                      {
                          path: ["app"],
                          message: `at the maximum of all replicas the pods' ${kind}.${resource} add up to ${shown}, more than the namespace's quota of ${hard}; lower maxReplicas or resources.${kind}.${resource}`,
                          related: workloads.flatMap((name) => [
                              ["app", name, "autoscaling"],
                              ["app", name, "resources"],
                          ]),
                      },
                  ];
        }),
    );
}

/** The two hosts differ. */
export function differentHosts({ app }: Config): Problem[] {
    return app.hosts.api === app.hosts.frontend
        ? [
              {
                  path: ["app", "hosts", "api"],
                  message: "must differ from hosts.frontend: each request is routed by its host",
                  related: [["app", "hosts", "frontend"]],
              },
          ]
        : [];
}

/** Access and refresh tokens are signed with different keys. */
export function differentKeys({ secrets }: Config): Problem[] {
    return secrets.jwtSecret === secrets.jwtRefreshSecret
        ? [
              {
                  path: ["secrets", "jwtRefreshSecret"],
                  message:
                      "must differ from jwtSecret: with one key an access token would pass as a refresh token",
                  related: [["secrets", "jwtSecret"]],
              },
          ]
        : [];
}

/** Pods in prod wait for their target group. */
export function readinessGates({ environment, app }: Config): Problem[] {
    return environment === "prod" && !app.ingress.waitForAddress
        ? [
              {
                  path: ["app", "ingress", "waitForAddress"],
                  message:
                      "must be true in prod: pods that start before their target group exists get no readiness gate",
                  related: [["environment"]],
              },
          ]
        : [];
}
