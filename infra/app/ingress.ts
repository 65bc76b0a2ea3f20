import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { appLabel } from "../kubernetes/labels.ts";
import { fixedResponseAction, ingressAnnotations, type LoadBalancerArgs } from "./loadBalancer.ts";

/** Host names of the two workloads. */
export interface Hosts {
    /** Host of the web interface. */
    frontend: string;
    /** Host of the API and the WebSocket. */
    api: string;
}

export interface ApplicationIngressArgs {
    namespace: pulumi.Input<string>;
    hosts: Hosts;
    loadBalancer: LoadBalancerArgs;
    frontend: k8s.core.v1.Service;
    backend: k8s.core.v1.Service;
    /**
     * Wait until the load balancer has an address. Needed for readiness gates: only then do the target groups exist that
     * the pods must be gated by. False for a cluster without the AWS Load Balancer Controller.
     */
    waitForAddress: boolean;
    /** What must exist before the load balancer, and must outlive it. */
    startAfter: readonly pulumi.Resource[];
}

/** Name of the Ingress; with its namespace the load balancer's tag `ingress.k8s.aws/stack`. */
export const ingressName = `${appLabel}-ingress`;

const metricsAction = "metrics-not-found";
const waitForHostname = "jsonpath={.status.loadBalancer.ingress[0].hostname}";

type Path = k8s.types.input.networking.v1.HTTPIngressPath;

function serviceRoute(service: k8s.core.v1.Service): Path {
    return {
        path: "/",
        pathType: "Prefix",
        backend: { service: { name: service.metadata.name, port: { name: "http" } } },
    };
}

/** The application's Ingress: both hosts on one Application Load Balancer. */
export function applicationIngress(
    name: string,
    args: ApplicationIngressArgs,
    opts: pulumi.CustomResourceOptions,
): k8s.networking.v1.Ingress {
    // Prometheus scrapes the pods themselves; the application's /metrics has no authentication.
    const hideMetrics: Path = {
        path: "/metrics",
        pathType: "Prefix",
        backend: { service: { name: metricsAction, port: { name: "use-annotation" } } },
    };
    return new k8s.networking.v1.Ingress(
        name,
        {
            metadata: {
                name: ingressName,
                namespace: args.namespace,
                labels: { app: appLabel, "app.kubernetes.io/part-of": appLabel },
                annotations: {
                    ...ingressAnnotations(args.loadBalancer),
                    ...fixedResponseAction(metricsAction, 404, "Not Found"),
                    // The engine's own wait asks for ready endpoints too, but the pods come after the Ingress.
                    ...(args.waitForAddress
                        ? { "pulumi.com/waitFor": waitForHostname }
                        : { "pulumi.com/skipAwait": "true" }),
                },
            },
            spec: {
                ingressClassName: "alb",
                rules: [
                    { host: args.hosts.frontend, http: { paths: [serviceRoute(args.frontend)] } },
                    { host: args.hosts.api, http: { paths: [hideMetrics, serviceRoute(args.backend)] } },
                ],
            },
        },
        { ...opts, dependsOn: [...args.startAfter] },
    );
}
