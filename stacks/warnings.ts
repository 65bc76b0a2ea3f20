import semver from "semver";

import * as defaults from "../infra/app/defaults.ts";
import { toleranceSeconds } from "../infra/app/probes.ts";
import { policyVersion } from "../infra/platform/loadBalancerController/controllerPolicies.ts";
import { kubernetesReleases } from "../infra/versions.ts";
import { workloads } from "./checks/peak.ts";
import { installsLoadBalancerController, installsMonitoring, installsRules } from "./features.ts";
import { alarmEmails, alarmReceivers } from "./alarmReceivers.ts";
import type { Config } from "./schema/index.ts";
import { storesOf } from "./stores.ts";

/** Days before the end of standard support from which the end is told of. */
const noticeDays = 60;

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/** Days from a day until EKS ends the standard support of a cluster's Kubernetes version; negative after it. */
export function supportDaysLeft(version: keyof typeof kubernetesReleases, today: Date): number {
    const end = Date.parse(kubernetesReleases[version].standardSupportEnds);
    return Math.floor((end - today.getTime()) / millisecondsPerDay);
}

/** What is right today, but must be seen to. */
export function warnings(config: Config, today = new Date()): string[] {
    return [
        ...supportEnds(config, today),
        ...policyOlderThanController(config),
        ...nobodyIsTold(config),
        ...toldTooLittle(config),
        ...givesUpEarly(config),
        ...unprotected(config),
    ];
}

function nobodyIsTold(config: Config): string[] {
    const { receivers, routes } = config.monitoring.routing;
    const usesTopic = receivers.some(({ kind }) => kind === "sns");
    const emails = alarmEmails(config);
    const told: string[] = [];
    if (installsMonitoring(config) && routes.critical.length === 0) {
        told.push(
            "spywatcher:monitoring.routing.routes.critical: nobody is told when the application fails; alerts show in Alertmanager alone. See docs/OPERATIONS.md, who is told.",
        );
    }
    if (config.cluster.kind === "eks" && emails.length === 0) {
        const unheard = [
            ...(alarmReceivers(config).length === 0 ? ["AWS's own alarms"] : []),
            ...(usesTopic ? ["the alerts that go to the topic"] : []),
        ];
        if (unheard.length > 0) {
            told.push(
                `spywatcher:alarms.emails: nobody is told of ${unheard.join(", nor of ")}. See docs/OPERATIONS.md, who is told.`,
            );
        }
    }
    return told;
}

/** No errors: a restore and a destroy need them off for a while. */
function unprotected(config: Config): string[] {
    if (config.environment !== "prod" || config.cluster.kind !== "eks") return [];
    const { postgres, redis } = storesOf(config.data);
    const off: [boolean, string][] = [
        [!config.protect, "protect"],
        [!config.cluster.deletionProtection, "cluster.deletionProtection"],
        [!config.app.ingress.deletionProtection, "app.ingress.deletionProtection"],
        [postgres.kind === "aws" && !postgres.deletionProtection, "data.postgres.deletionProtection"],
        [postgres.kind === "aws" && !postgres.finalSnapshot, "data.postgres.finalSnapshot"],
        [redis.kind === "aws" && !redis.finalSnapshot, "data.redis.finalSnapshot"],
    ];
    return off
        .filter(([isOff]) => isOff)
        .map(
            ([, key]) => `spywatcher:${key}: is off in prod, so that a mistake can delete what it protects.`,
        );
}

function toldTooLittle(config: Config): string[] {
    const { routing, rules } = config.monitoring;
    if (!installsMonitoring(config) || routing.receivers.length === 0) return [];
    return [
        ...(installsRules(config) && rules.runbookBase === undefined
            ? [
                  "spywatcher:monitoring.rules.runbookBase: alerts name their runbooks by a path in this repository, which nobody who is told can open. Set it to the address of the repository's files.",
              ]
            : []),
        ...(routing.heartbeat === undefined
            ? [
                  "spywatcher:monitoring.routing.heartbeat: nobody is told when Prometheus, Alertmanager or the cluster is gone, and every alert with it. See docs/OPERATIONS.md, who is told.",
              ]
            : []),
    ];
}

function givesUpEarly({ app }: Config): string[] {
    const startUp = Math.max(...workloads.map((name) => toleranceSeconds(defaults[name].probes.startup)));
    return app.rolloutTimeoutSeconds < startUp
        ? [
              `spywatcher:app.rolloutTimeoutSeconds: an update is given up after ${app.rolloutTimeoutSeconds} s, but the startup probe gives a pod ${startUp} s: pods that start slowly make updates fail.`,
          ]
        : [];
}

function policyOlderThanController(config: Config): string[] {
    const version = config.platform.charts["aws-load-balancer-controller"]?.version;
    if (version === undefined || !installsLoadBalancerController(config)) return [];
    const [major, minor] = [semver.major(policyVersion), semver.minor(policyVersion)];
    return semver.gte(version, `${major}.${minor + 1}.0`)
        ? [
              `spywatcher:platform.charts.aws-load-balancer-controller.version: the controller's IAM policy is the one of ${policyVersion}; see whether ${version} needs more (docs/install/iam_policy.json of both).`,
          ]
        : [];
}

function supportEnds({ cluster }: Config, today: Date): string[] {
    if (cluster.kind !== "eks") return [];
    const days = supportDaysLeft(cluster.kubernetesVersion, today);
    if (days > noticeDays) return [];
    const end = kubernetesReleases[cluster.kubernetesVersion].standardSupportEnds;
    return [
        `spywatcher:cluster.kubernetesVersion: EKS ends the standard support of ${cluster.kubernetesVersion} on ${end}, in ${days} days; then AWS upgrades the cluster by itself. Upgrade before.`,
    ];
}
