import type * as k8s from "@pulumi/kubernetes";

/** Timing of one HTTP probe. */
export interface ProbeTiming {
    /** Seconds before the first probe. */
    initialDelaySeconds: number;
    /** Seconds between probes. */
    periodSeconds: number;
    /** Seconds before a probe counts as failed. */
    timeoutSeconds: number;
    /** Failures in a row that count. */
    failureThreshold: number;
}

export interface ProbesArgs {
    /** Path of the liveness and startup probes. */
    livenessPath: string;
    /** Path of the readiness probe and of the load balancer's health check. */
    readinessPath: string;
    liveness: ProbeTiming;
    readiness: ProbeTiming;
    startup: ProbeTiming;
}

export interface Probes {
    livenessProbe: k8s.types.input.core.v1.Probe;
    readinessProbe: k8s.types.input.core.v1.Probe;
    startupProbe: k8s.types.input.core.v1.Probe;
}

/** Seconds a probe fails until that counts. */
export function toleranceSeconds({
    initialDelaySeconds,
    periodSeconds,
    failureThreshold,
}: ProbeTiming): number {
    return initialDelaySeconds + periodSeconds * failureThreshold;
}

function httpProbe(path: string, port: string, timing: ProbeTiming): k8s.types.input.core.v1.Probe {
    return { httpGet: { path, port, scheme: "HTTP" }, ...timing, successThreshold: 1 };
}

/** The three probes of a container, on its port named `port`. */
export function httpProbes(args: ProbesArgs, port: string): Probes {
    return {
        livenessProbe: httpProbe(args.livenessPath, port, args.liveness),
        readinessProbe: httpProbe(args.readinessPath, port, args.readiness),
        startupProbe: httpProbe(args.livenessPath, port, args.startup),
    };
}
