import type * as pulumi from "@pulumi/pulumi";

export const routingAlgorithms = ["round_robin", "least_outstanding_requests", "weighted_random"] as const;

/** How the load balancer picks a target. */
export type RoutingAlgorithm = (typeof routingAlgorithms)[number];

export interface TargetGroupArgs {
    /** Seconds a deregistering target may finish requests. 0–3600. */
    deregistrationDelaySeconds: number;
    /** Seconds a client keeps its target by cookie, 1–604800; undefined: no stickiness. */
    stickinessSeconds: number | undefined;
    algorithm: RoutingAlgorithm;
    /** Seconds over which a new target's share grows. 0 (off) or 30–900. */
    slowStartSeconds: number;
    /** Spread requests over the targets of all zones. */
    crossZone: boolean;
}

export interface LoadBalancerArgs {
    /** `internet-facing` or `internal`; a change replaces the load balancer. */
    scheme: "internet-facing" | "internal";
    /** ARN of the ACM certificate. Default: the controller finds one by host name. */
    certificateArn?: pulumi.Input<string> | undefined;
    /** Security policy of the HTTPS listener. */
    sslPolicy: string;
    http2: boolean;
    /** Seconds after which an idle connection is closed. 1–4000. */
    idleTimeoutSeconds: number;
    /** Refuse to delete the load balancer. It must be switched off before a destroy. */
    deletionProtection: boolean;
    /** Bucket for the access logs, with the policy that lets ELB write. Default: no access logs. */
    accessLogs?: { bucket: string; prefix: string } | undefined;
    /** ARN of the WAFv2 web ACL; `none` takes away the one that is attached. Default: what is attached stays. */
    wafAclArn?: pulumi.Input<string> | undefined;
    targetGroup: TargetGroupArgs;
}

/**
 * Pairs of target group attributes that ELB refuses; one would block every later change to the load balancer
 * (aws-load-balancer-controller#3686). Returns one sentence for each.
 */
export function refusedAttributePairs(args: TargetGroupArgs): string[] {
    const problems: string[] = [];
    if (args.slowStartSeconds > 0 && args.algorithm !== "round_robin") {
        problems.push(
            `slow start cannot be combined with ${args.algorithm}; set slowStartSeconds to 0 or use round_robin`,
        );
    }
    if (args.stickinessSeconds !== undefined && args.algorithm === "weighted_random") {
        problems.push(
            "stickiness cannot be combined with weighted_random; use least_outstanding_requests or round_robin",
        );
    }
    if (args.stickinessSeconds !== undefined && !args.crossZone) {
        problems.push("stickiness needs cross-zone load balancing; set crossZone to true");
    }
    return problems;
}

function attributes(values: Record<string, string | number | boolean>): string {
    return Object.entries(values)
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
}

/** `target-group-attributes`: every key is written, since one that is left out keeps its old value at ELB. */
export function targetGroupAttributes(args: TargetGroupArgs): string {
    return attributes({
        "deregistration_delay.timeout_seconds": args.deregistrationDelaySeconds,
        "load_balancing.algorithm.type": args.algorithm,
        // For an ALB cross-zone is a target group attribute; at the load balancer it is always on.
        "load_balancing.cross_zone.enabled": args.crossZone,
        "slow_start.duration_seconds": args.slowStartSeconds,
        "stickiness.enabled": args.stickinessSeconds !== undefined,
        ...(args.stickinessSeconds !== undefined && {
            "stickiness.type": "lb_cookie",
            "stickiness.lb_cookie.duration_seconds": args.stickinessSeconds,
        }),
    });
}

/** `load-balancer-attributes`: every key is written, since one that is left out keeps its old value at ELB. */
export function loadBalancerAttributes(args: LoadBalancerArgs): string {
    return attributes({
        "idle_timeout.timeout_seconds": args.idleTimeoutSeconds,
        "routing.http2.enabled": args.http2,
        "routing.http.drop_invalid_header_fields.enabled": true,
        "deletion_protection.enabled": args.deletionProtection,
        "access_logs.s3.enabled": args.accessLogs !== undefined,
        ...(args.accessLogs && {
            "access_logs.s3.bucket": args.accessLogs.bucket,
            "access_logs.s3.prefix": args.accessLogs.prefix,
        }),
    });
}

const prefix = "alb.ingress.kubernetes.io";

/** Annotations of an Ingress for the AWS Load Balancer Controller. */
export function ingressAnnotations(args: LoadBalancerArgs): Record<string, pulumi.Input<string>> {
    return {
        [`${prefix}/scheme`]: args.scheme,
        [`${prefix}/target-type`]: "ip",
        [`${prefix}/listen-ports`]: JSON.stringify([{ HTTP: 80 }, { HTTPS: 443 }]),
        [`${prefix}/ssl-redirect`]: "443",
        [`${prefix}/ssl-policy`]: args.sslPolicy,
        ...(args.certificateArn !== undefined && { [`${prefix}/certificate-arn`]: args.certificateArn }),
        ...(args.wafAclArn !== undefined && { [`${prefix}/wafv2-acl-arn`]: args.wafAclArn }),
        [`${prefix}/load-balancer-attributes`]: loadBalancerAttributes(args),
        [`${prefix}/target-group-attributes`]: targetGroupAttributes(args.targetGroup),
    };
}

/** Timing of the target groups' health check, as the seed has it. */
const healthCheck = { intervalSeconds: 10, timeoutSeconds: 5, healthyCount: 2, unhealthyCount: 2 };

/** Seconds until a new target is healthy at the earliest. */
export const targetHealthySeconds = healthCheck.intervalSeconds * healthCheck.healthyCount;

/** Annotations of a Service: the health check of its target group. */
export function healthCheckAnnotations(path: string): Record<string, string> {
    return {
        [`${prefix}/healthcheck-protocol`]: "HTTP",
        [`${prefix}/healthcheck-port`]: "traffic-port",
        [`${prefix}/healthcheck-path`]: path,
        [`${prefix}/healthcheck-interval-seconds`]: String(healthCheck.intervalSeconds),
        [`${prefix}/healthcheck-timeout-seconds`]: String(healthCheck.timeoutSeconds),
        [`${prefix}/healthy-threshold-count`]: String(healthCheck.healthyCount),
        [`${prefix}/unhealthy-threshold-count`]: String(healthCheck.unhealthyCount),
        [`${prefix}/success-codes`]: "200",
    };
}

/** The `actions.<name>` annotation of a rule that answers by itself. */
export function fixedResponseAction(name: string, statusCode: number, body: string): Record<string, string> {
    return {
        [`${prefix}/actions.${name}`]: JSON.stringify({
            type: "fixed-response",
            fixedResponseConfig: {
                contentType: "text/plain",
                statusCode: String(statusCode),
                messageBody: body,
            },
        }),
    };
}
