import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Who the load balancer lets through, before Grafana asks for its own login. */
export type GrafanaLogin =
    | {
          readonly kind: "cognito";
          readonly userPoolArn: string;
          readonly userPoolClientId: string;
          readonly userPoolDomain: string;
      }
    | {
          readonly kind: "oidc";
          readonly issuer: string;
          readonly authorizationEndpoint: string;
          readonly tokenEndpoint: string;
          readonly userInfoEndpoint: string;
          /** Secret in the namespace with `clientID` and `clientSecret`. */
          readonly secretName: string;
      };

export interface GrafanaIngressArgs {
    /** Host name. */
    readonly host: string;
    /** ACM certificate. Default: the controller finds one by host name. */
    readonly certificateArn?: string | undefined;
    /** Networks that may connect. */
    readonly inboundCidrs: readonly string[];
    /** Default: Grafana's own login alone. */
    readonly login?: GrafanaLogin | undefined;
}

const annotation = (name: string) => `alb.ingress.kubernetes.io/${name}`;

/** Address of Grafana behind the Ingress. */
export function grafanaUrl({ host }: GrafanaIngressArgs): string {
    return `https://${host}`;
}

function loginAnnotations(login: GrafanaLogin | undefined): Record<string, string> {
    switch (login?.kind) {
        case undefined:
            return {};
        case "cognito":
            return {
                [annotation("auth-type")]: "cognito",
                [annotation("auth-idp-cognito")]: JSON.stringify({
                    userPoolARN: login.userPoolArn,
                    userPoolClientID: login.userPoolClientId,
                    userPoolDomain: login.userPoolDomain,
                }),
            };
        case "oidc":
            return {
                [annotation("auth-type")]: "oidc",
                [annotation("auth-idp-oidc")]: JSON.stringify({
                    issuer: login.issuer,
                    authorizationEndpoint: login.authorizationEndpoint,
                    tokenEndpoint: login.tokenEndpoint,
                    userInfoEndpoint: login.userInfoEndpoint,
                    secretName: login.secretName,
                }),
            };
    }
}

/** An Ingress with a load balancer of its own, inside the VPC: nothing of the application's shows Grafana. */
export function grafanaIngress(
    name: string,
    args: GrafanaIngressArgs & { namespace: pulumi.Input<string>; serviceName: string },
    opts: pulumi.CustomResourceOptions,
): k8s.networking.v1.Ingress {
    return new k8s.networking.v1.Ingress(
        name,
        {
            metadata: {
                name: "grafana",
                namespace: args.namespace,
                annotations: {
                    [annotation("group.name")]: "monitoring",
                    [annotation("scheme")]: "internal",
                    [annotation("target-type")]: "ip",
                    [annotation("listen-ports")]: '[{"HTTPS":443}]',
                    [annotation("ssl-policy")]: "ELBSecurityPolicy-TLS13-1-2-2021-06",
                    [annotation("inbound-cidrs")]: args.inboundCidrs.join(","),
                    [annotation("healthcheck-path")]: "/api/health",
                    ...(args.certificateArn !== undefined && {
                        [annotation("certificate-arn")]: args.certificateArn,
                    }),
                    ...loginAnnotations(args.login),
                },
            },
            spec: {
                ingressClassName: "alb",
                rules: [
                    {
                        host: args.host,
                        http: {
                            paths: [
                                {
                                    path: "/",
                                    pathType: "Prefix",
                                    backend: { service: { name: args.serviceName, port: { number: 80 } } },
                                },
                            ],
                        },
                    },
                ],
            },
        },
        opts,
    );
}
