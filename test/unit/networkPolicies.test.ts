import assert from "node:assert/strict";

import { object, objects, planOf } from "../support/plans.ts";

const dns = {
    to: [
        {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
        },
    ],
    ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
    ],
};
const https = {
    to: [
        {
            ipBlock: {
                cidr: "0.0.0.0/0",
                except: [
                    "10.0.0.0/8",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                ],
            },
        },
    ],
    ports: [{ protocol: "TCP", port: 443 }],
};
const pods = (tier: string) => ({ podSelector: { matchLabels: { app: "spywatcher", tier } } });
const tcp = (port: number) => [{ protocol: "TCP", port }];
const blocks = (...cidrs: string[]) => cidrs.map((cidr) => ({ ipBlock: { cidr } }));

describe("network policies", () => {
    it("close the namespace", async () => {
        const { spec } = object(await planOf("prod"), "NetworkPolicy", "spywatcher-default-deny");
        assert.deepEqual(spec, { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    });

    it("open the backend to load balancer and Prometheus, and towards DNS, data stores and Discord", async () => {
        const { spec } = object(await planOf("prod"), "NetworkPolicy", "spywatcher-backend");
        const stores = blocks("10.0.36.0/24", "10.0.100.0/24", "10.0.164.0/24");
        assert.deepEqual(spec, {
            podSelector: { matchLabels: { app: "spywatcher", tier: "backend" } },
            policyTypes: ["Ingress", "Egress"],
            ingress: [
                { from: blocks("10.0.32.0/22", "10.0.96.0/22", "10.0.160.0/22"), ports: tcp(3001) },
                {
                    from: [
                        {
                            namespaceSelector: {
                                matchLabels: { "kubernetes.io/metadata.name": "monitoring" },
                            },
                        },
                    ],
                    ports: tcp(3001),
                },
            ],
            egress: [dns, { to: stores, ports: tcp(5432) }, { to: stores, ports: tcp(6379) }, https],
        });
    });

    it("open the frontend to the load balancer alone", async () => {
        const { spec } = object(await planOf("prod"), "NetworkPolicy", "spywatcher-frontend");
        assert.deepEqual(spec, {
            podSelector: { matchLabels: { app: "spywatcher", tier: "frontend" } },
            policyTypes: ["Ingress", "Egress"],
            ingress: [{ from: blocks("10.0.32.0/22", "10.0.96.0/22", "10.0.160.0/22"), ports: tcp(80) }],
            egress: [],
        });
    });

    it("let the schema job reach DNS and PostgreSQL alone, and nobody reach it", async () => {
        const { spec } = object(await planOf("local"), "NetworkPolicy", "spywatcher-schema");
        assert.deepEqual(spec, {
            podSelector: { matchLabels: { app: "spywatcher", tier: "migration" } },
            policyTypes: ["Ingress", "Egress"],
            egress: [dns, { to: [pods("postgres")], ports: tcp(5432) }],
        });
    });

    it("let the bot reach DNS, data stores and Discord, and nobody reach it", async () => {
        const plan = await planOf("local", { app: { bot: { enabled: true } } });
        assert.deepEqual(object(plan, "NetworkPolicy", "spywatcher-bot").spec, {
            podSelector: { matchLabels: { app: "spywatcher", tier: "bot" } },
            policyTypes: ["Ingress", "Egress"],
            ingress: [],
            egress: [
                dns,
                { to: [pods("postgres")], ports: tcp(5432) },
                { to: [pods("redis")], ports: tcp(6379) },
                https,
            ],
        });
    });

    it("open the data stores in the cluster to their clients alone, and let them reach nobody", async () => {
        const plan = await planOf("local");
        assert.deepEqual(object(plan, "NetworkPolicy", "spywatcher-postgres").spec, {
            podSelector: { matchLabels: { app: "spywatcher", tier: "postgres" } },
            policyTypes: ["Ingress", "Egress"],
            ingress: [{ from: [pods("backend"), pods("bot"), pods("migration")], ports: tcp(5432) }],
        });
        assert.deepEqual(object(plan, "NetworkPolicy", "spywatcher-redis").spec, {
            podSelector: { matchLabels: { app: "spywatcher", tier: "redis" } },
            policyTypes: ["Ingress", "Egress"],
            ingress: [{ from: [pods("backend"), pods("bot")], ports: tcp(6379) }],
        });
    });

    it("select every pod by a policy of its own besides the default", async () => {
        const plan = await planOf("local", { app: { bot: { enabled: true } } });
        const tiers = objects(plan, "NetworkPolicy").map(
            ({ spec }) => spec.podSelector.matchLabels?.tier as string | undefined,
        );
        const workloads = ["Deployment", "StatefulSet", "Job"]
            .flatMap((kind) => objects(plan, kind))
            .map(({ spec }) => spec.template.metadata.labels.tier as string);
        assert.deepEqual(tiers.filter((tier) => tier !== undefined).sort(), workloads.sort());
    });
});
