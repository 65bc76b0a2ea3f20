import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** What differs between the recorded programs. */
export interface Variant {
    image?: string;
    replicas?: number;
    labels?: Record<string, string>;
    selector?: string;
    greeting?: string;
    quota?: string;
    token?: string;
    note?: string;
    withService?: boolean;
    badKey?: boolean;
}

/** A small application that has what a preview has to show: named and auto-named objects, a secret, a component. */
export function shop(kubeconfig: string, variant: Variant) {
    const {
        image = "registry.example.com/shop:1.4.0",
        replicas = 2,
        selector = "web",
        labels = {},
    } = variant;
    return () => {
        const provider = new kubernetes.Provider("cluster", {
            kubeconfig: pulumi.secret(kubeconfig),
            clusterIdentifier: "review",
        });
        const options = { provider };
        const metadata = { namespace: "shop" };
        const namespace = new kubernetes.core.v1.Namespace("shop", { metadata: { name: "shop" } }, options);
        const inNamespace = { ...options, dependsOn: namespace };
        new kubernetes.core.v1.ConfigMap(
            "settings",
            {
                metadata,
                data: {
                    GREETING: variant.greeting ?? "hello",
                    LOG_LEVEL: "info",
                    ...(variant.badKey && { "not a key": "refused" }),
                },
            },
            inNamespace,
        );
        new kubernetes.core.v1.ConfigMap(
            "limits",
            { metadata: { ...metadata, name: "limits" }, data: { QUOTA: variant.quota ?? "100" } },
            inNamespace,
        );
        new kubernetes.core.v1.Secret(
            "session",
            {
                metadata: { ...metadata, name: "session" },
                stringData: { TOKEN: pulumi.secret(variant.token ?? "not-a-real-token-of-the-first-day") },
            },
            inNamespace,
        );
        const app = { app: selector };
        new kubernetes.apps.v1.Deployment(
            "web",
            {
                metadata: {
                    ...metadata,
                    name: "web",
                    labels: { "app.kubernetes.io/part-of": "shop", ...labels },
                    annotations: {
                        "pulumi.com/skipAwait": "true",
                        "example.com/note": variant.note ?? "reviewed",
                    },
                },
                spec: {
                    replicas,
                    selector: { matchLabels: app },
                    template: { metadata: { labels: app }, spec: { containers: [{ name: "web", image }] } },
                },
            },
            inNamespace,
        );
        if (variant.withService ?? true) {
            new kubernetes.core.v1.Service(
                "web-service",
                {
                    metadata: {
                        ...metadata,
                        name: "web",
                        annotations: { "pulumi.com/skipAwait": "true" },
                    },
                    spec: { selector: app, ports: [{ port: 80, targetPort: 3000 }] },
                },
                inNamespace,
            );
        }
        return Promise.resolve({});
    };
}
