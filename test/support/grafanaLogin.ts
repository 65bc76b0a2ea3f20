import type { ConfigInput } from "../../stacks/schema/index.ts";
import type { DeepPartial } from "./plans.ts";

/** Grafana behind a load balancer that signs people in at an OpenID Connect provider. */
export const oidcLogin = {
    monitoring: {
        grafana: {
            ingress: {
                host: "grafana.example.com",
                inboundCidrs: ["10.0.0.0/8"],
                login: {
                    kind: "oidc",
                    issuer: "https://id.example.com",
                    authorizationEndpoint: "https://id.example.com/authorize",
                    tokenEndpoint: "https://id.example.com/token",
                    userInfoEndpoint: "https://id.example.com/userinfo",
                    clientId: "grafana",
                },
            },
        },
    },
    secrets: { grafanaClientSecret: "not-a-real-client-secret" },
} satisfies DeepPartial<ConfigInput>;
