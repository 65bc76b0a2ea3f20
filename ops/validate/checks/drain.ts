import type { V1Container } from "@kubernetes/client-node";

import { kinds, type Runner } from "../kinds.ts";
import { type Check, type Context, objectName, type Outcome, tell } from "../model.ts";
import { routes } from "./routed.ts";

const annotations = {
    targetGroup: "alb.ingress.kubernetes.io/target-group-attributes",
    loadBalancer: "alb.ingress.kubernetes.io/load-balancer-attributes",
};
const keepAliveVariable = "KEEP_ALIVE_TIMEOUT_MS";
const remedy =
    "Bring the stack up: all of it follows from app.ingress.drainSeconds, shutdownSeconds and idleTimeoutSeconds.";

function attribute(list: string | undefined, key: string): number | undefined {
    const value = list
        ?.split(",")
        .find((each) => each.startsWith(`${key}=`))
        ?.slice(key.length + 1);
    return value === undefined ? undefined : Number(value);
}

/** The containers that the Service's port leads to. */
function serving(deployment: Runner): V1Container[] {
    return deployment.spec?.template.spec?.containers.filter(({ ports = [] }) => ports.length > 0) ?? [];
}

/** Milliseconds a container keeps idle connections, by the ConfigMaps of its environment. */
function keepAlive({ cluster }: Context, { envFrom = [] }: V1Container): number | undefined {
    const values = envFrom.flatMap(({ configMapRef }) =>
        configMapRef ? [cluster.find(kinds.configMaps, configMapRef.name)?.data?.[keepAliveVariable]] : [],
    );
    const value = values.find((each) => each !== undefined);
    return value === undefined ? undefined : Number(value);
}

/** Nobody but the preload script makes the application heed the variable. */
const heedsVariable = ({ env = [] }: V1Container): boolean => env.some(({ name }) => name === "NODE_OPTIONS");

interface Attributes {
    /** The Ingress they are of. */
    ingressName: string;
    /** Seconds of the deregistration delay. */
    delay: number | undefined;
    /** Seconds of the idle timeout. */
    idle: number | undefined;
}

function judge(context: Context, deployment: Runner, { ingressName, delay, idle }: Attributes): Outcome {
    const object = objectName(deployment);
    const grace = deployment.spec?.template.spec?.terminationGracePeriodSeconds ?? 30;
    const faults: string[] = [];
    const warnings: string[] = [];
    const chain: string[] = [];
    const paths: string[] = [];
    for (const container of serving(deployment)) {
        const { name } = container;
        const sleep = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
        chain.push(`deregistration ${delay ?? "unknown"} s < preStop ${sleep} s < grace ${grace} s`);
        if (delay === undefined || delay >= sleep) {
            faults.push(`${name} stops after ${sleep} s, its target leaves after ${delay ?? "unknown"} s`);
            paths.push(`spec.template.spec.containers[${name}].lifecycle`);
        }
        if (sleep >= grace) {
            faults.push(`${name} is killed after ${grace} s, before its preStop of ${sleep} s has ended`);
            paths.push("spec.template.spec.terminationGracePeriodSeconds");
        }
        const kept = keepAlive(context, container);
        if (kept === undefined) continue;
        if (!heedsVariable(container)) {
            warnings.push(
                `whether ${name} keeps idle connections long enough cannot be seen: the preload script is off`,
            );
        } else if (idle === undefined || idle * 1000 >= kept) {
            faults.push(
                `${name} closes idle connections after ${kept / 1000} s, the load balancer after ${idle ?? "unknown"} s`,
            );
        } else {
            chain.push(`idle timeout ${idle} s < keep-alive ${kept / 1000} s`);
        }
    }
    if (faults.length > 0) {
        const tells = [
            ...tell(object, paths),
            ...tell(
                ingressName,
                Object.values(annotations).map((name) => `metadata.annotations["${name}"]`),
            ),
        ];
        return { object, status: "fail", message: faults.join("; "), remedy, tells };
    }
    if (warnings.length > 0) {
        const hint = "Switch app.backend.preload on, or make sure of it in the image.";
        return { object, status: "warn", message: warnings.join("; "), remedy: hint };
    }
    return { object, status: "pass", message: chain.join(", ") };
}

export const drain: Check = {
    name: "drain",
    title: "Deregistration delay < preStop sleep < grace period, and idle timeout < keep-alive, on the live objects.",
    needs: ["namespace"],
    run(context) {
        const { cluster, planned } = context;
        const [ingress] = planned.of(kinds.ingresses);
        const live = cluster.find(kinds.ingresses, ingress?.metadata?.name);
        if (!ingress || !live) return [];
        return routes(context).flatMap(({ service, deployment }) => {
            const found = cluster.runner(deployment);
            if (!found) return [];
            // The load balancer controller heeds a Service's annotation in place of the Ingress'.
            const own = cluster.find(kinds.services, service.metadata?.name)?.metadata?.annotations;
            const attributes = {
                ingressName: objectName(ingress),
                delay: attribute(
                    own?.[annotations.targetGroup] ?? live.metadata?.annotations?.[annotations.targetGroup],
                    "deregistration_delay.timeout_seconds",
                ),
                idle: attribute(
                    live.metadata?.annotations?.[annotations.loadBalancer],
                    "idle_timeout.timeout_seconds",
                ),
            };
            return judge(context, { kind: "Deployment", ...found }, attributes);
        });
    },
};
