/** Seconds the pod goes on serving after the load balancer has stopped sending: covers the controller's and ELB's delay. */
const deregistrationMarginSeconds = 10;

/** Seconds between the end of the application's own shutdown and SIGKILL. */
const killMarginSeconds = 5;

/** Seconds by which a target's keep-alive outlives the load balancer's idle timeout. */
const keepAliveMarginSeconds = 5;

export interface DrainArgs {
    /** Seconds a deregistering target may still finish requests (`deregistration_delay.timeout_seconds`). */
    drainSeconds: number;
    /** Seconds the process may take after SIGTERM. */
    shutdownSeconds: number;
}

export interface Drain {
    /** `deregistration_delay.timeout_seconds` of the target group. */
    deregistrationDelaySeconds: number;
    /** Seconds of the preStop sleep: longer than the deregistration delay. */
    preStopSeconds: number;
    /** `terminationGracePeriodSeconds`: longer than the sleep and the shutdown together. */
    terminationGracePeriodSeconds: number;
}

/**
 * The drain chain: deregistration delay < preStop sleep < termination grace period. A pod that ends before its target
 * has left the target group answers 502 (aws-load-balancer-controller#2366).
 */
export function drain(args: DrainArgs): Drain {
    const preStopSeconds = args.drainSeconds + deregistrationMarginSeconds;
    return {
        deregistrationDelaySeconds: args.drainSeconds,
        preStopSeconds,
        terminationGracePeriodSeconds: preStopSeconds + args.shutdownSeconds + killMarginSeconds,
    };
}

/**
 * Milliseconds a target must keep an idle connection: longer than the load balancer does, or the load balancer sends a
 * request into a closed connection and answers 502 (nodejs/node#27363).
 */
export function keepAliveTimeoutMs(idleTimeoutSeconds: number): number {
    return (idleTimeoutSeconds + keepAliveMarginSeconds) * 1000;
}
