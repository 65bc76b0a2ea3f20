import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { serviceAccount as controllerAccount } from "../loadBalancerController/values.ts";

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
          readonly clientId: string;
          readonly clientSecret: string;
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

/** Name of the Secret with the client's credentials, and of the Role that reads it. */
const loginSecretName = "grafana-login";

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
                    secretName: loginSecretName,
                }),
            };
    }
}

/**
 * The client's credentials, and the right to read them: the load balancer controller reads no Secret by itself, and watches
 * this one from when an Ingress names it.
 */
function loginSecret(
    name: string,
    {
        namespace,
        clientId,
        clientSecret,
    }: { namespace: pulumi.Input<string>; clientId: string; clientSecret: string },
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    const metadata = { name: loginSecretName, namespace };
    const secret = new k8s.core.v1.Secret(
        `${name}-secret`,
        {
            metadata,
            type: "Opaque",
            stringData: pulumi.secret({ clientID: clientId, clientSecret }),
        },
        opts,
    );
    const role = new k8s.rbac.v1.Role(
        `${name}-role`,
        {
            metadata,
            rules: [
                {
                    apiGroups: [""],
                    resources: ["secrets"],
                    resourceNames: [loginSecretName],
                    verbs: ["get", "list", "watch"],
                },
            ],
        },
        opts,
    );
    const binding = new k8s.rbac.v1.RoleBinding(
        `${name}-role-binding`,
        {
            metadata,
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
            subjects: [{ kind: "ServiceAccount", ...controllerAccount }],
        },
        opts,
    );
    return [secret, binding];
}

/** An Ingress with a load balancer of its own, inside the VPC: nothing of the application's shows Grafana. */
export function grafanaIngress(
    name: string,
    args: GrafanaIngressArgs & {
        namespace: pulumi.Input<string>;
        serviceName: string;
        startAfter: pulumi.Resource[];
    },
    opts: Pick<pulumi.CustomResourceOptions, "parent">,
): k8s.networking.v1.Ingress {
    const { namespace, login } = args;
    const credentials =
        login?.kind === "oidc" ? loginSecret(`${name}-login`, { namespace, ...login }, opts) : [];
    return new k8s.networking.v1.Ingress(
        name,
        {
            metadata: {
                name: "grafana",
                namespace,
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
                    ...loginAnnotations(login),
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
        { ...opts, dependsOn: [...args.startAfter, ...credentials] },
    );
}
