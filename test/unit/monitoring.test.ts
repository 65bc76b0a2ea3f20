import assert from "node:assert/strict";

import { object, objects, planOf, resource } from "../support/plans.ts";
import { problems } from "../support/configProblems.ts";
import { oidcLogin } from "../support/grafanaLogin.ts";
import { release, releaseNames, releaseValues } from "../support/releases.ts";
import { byName, comesAfter, ofType } from "../support/resources.ts";

const stack = "kube-prometheus-stack";
const definitions = "prometheus-operator-crds";
const tcp = (port: number) => ({ protocol: "TCP", port });
const pod = (name: string) => ({ podSelector: { matchLabels: { "app.kubernetes.io/name": name } } });
const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map((cidr) => ({
    ipBlock: { cidr },
}));

describe("monitoring's releases", () => {
    it("are there in dev and prod, and not in a cluster that exists", async () => {
        const names = ["kube-prometheus-stack", "prometheus-operator-crds"];
        for (const name of ["dev", "prod"]) {
            const all = releaseNames(await planOf(name));
            assert.deepEqual(
                all.filter((each) => each.includes("prometheus")),
                names,
            );
        }
        assert.deepEqual(releaseNames(await planOf("local")), []);
    });

    it("come from their publisher in an exact version, the stack without definitions", async () => {
        const plan = await planOf("prod");
        const inputs = { ...release(plan, stack).inputs };
        Reflect.deleteProperty(inputs, "values");
        assert.deepEqual(inputs, {
            name: stack,
            namespace: "monitoring",
            chart: stack,
            version: "88.5.3",
            repositoryOpts: { repo: "https://prometheus-community.github.io/helm-charts" },
            skipCrds: true,
            timeout: 900,
            maxHistory: 5,
            cleanupOnFail: true,
            compat: "true",
        });
        assert.deepEqual(releaseValues(plan, stack).crds, { enabled: false });
    });

    it("keep the definitions, which belong to the operator's version, when their release goes", async () => {
        assert.deepEqual(release(await planOf("prod"), definitions).inputs, {
            name: definitions,
            namespace: "kube-system",
            chart: definitions,
            // The chart whose appVersion is the stack's, v0.93.1.
            version: "31.0.1",
            repositoryOpts: { repo: "https://prometheus-community.github.io/helm-charts" },
            values: { crds: { annotations: { "helm.sh/resource-policy": "keep" } } },
            maxHistory: 5,
            cleanupOnFail: false,
            compat: "true",
        });
    });

    it("come from a mirror where one is named", async () => {
        const plan = await planOf("prod", {
            platform: { charts: { [stack]: { chart: "oci://registry.example.com/kube-prometheus-stack" } } },
        });
        const { chart, repositoryOpts } = release(plan, stack).inputs;
        assert.equal(chart, "oci://registry.example.com/kube-prometheus-stack");
        assert.equal(repositoryOpts, undefined);
    });
});

describe("the order of monitoring (and, reversed, of its deletion)", () => {
    for (const name of ["dev", "prod"]) {
        it(`has the stack of ${name} after definitions, namespace, policies, volumes and nodes`, async () => {
            const plan = await planOf(name);
            const earlier = [
                release(plan, definitions),
                resource(plan, "Namespace", "monitoring"),
                ...ofType(plan, "kubernetes:networking.k8s.io/v1:NetworkPolicy").filter(
                    ({ parent }) => parent?.endsWith("::monitoring") === true,
                ),
                resource(plan, "ClusterRole", "grafana-dashboard-reader"),
                ...ofType(plan, "kubernetes:core/v1:Secret").filter(({ name: each }) =>
                    each.includes("grafana"),
                ),
                ...ofType(plan, "kubernetes:storage.k8s.io/v1:StorageClass"),
                ...ofType(plan, "kubernetes:karpenter.sh/v1:NodePool"),
                byName(plan, "aws:eks/addon:Addon", "cluster-aws-ebs-csi-driver"),
                byName(
                    plan,
                    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
                    "cluster-ebs-csi-association",
                ),
            ];
            assert.equal(earlier.length, 2 + 6 + 2 + 1 + 2 + 2);
            for (const each of earlier) assert.ok(comesAfter(plan, release(plan, stack), each), each.urn);
        });

        it(`has every monitoring object of ${name} after the definitions (pulumi-kubernetes#1712)`, async () => {
            const plan = await planOf(name);
            const monitored = plan.resources.filter(({ type }) => type.includes("monitoring.coreos.com"));
            assert.ok(monitored.length > 0);
            for (const each of monitored) assert.ok(comesAfter(plan, each, release(plan, definitions)));
        });

        it(`does not keep the definitions of ${name} waiting for nodes, so that other charts can bring monitors`, async () => {
            const plan = await planOf(name);
            for (const pool of ofType(plan, "kubernetes:karpenter.sh/v1:NodePool")) {
                assert.equal(comesAfter(plan, release(plan, definitions), pool), false);
            }
        });
    }

    it("waits for what pods in volumes need only: one default class, the one that is named", async () => {
        const plan = await planOf("prod");
        const classes = ofType(plan, "kubernetes:storage.k8s.io/v1:StorageClass");
        assert.deepEqual(
            classes.map(({ inputs }) => (inputs["metadata"] as { name: string }).name),
            ["gp3"],
        );
        const { spec } = releaseValues(plan, stack).prometheus.prometheusSpec.storageSpec.volumeClaimTemplate;
        assert.equal(spec.storageClassName, "gp3");
    });
});

describe("the monitoring namespace", () => {
    it("enforces the restricted standard, and is protected in prod", async () => {
        const plan = await planOf("prod");
        const { labels } = object(plan, "Namespace", "monitoring").metadata;
        assert.equal(labels?.["pod-security.kubernetes.io/enforce"], "restricted");
        assert.equal(labels["pod-security.kubernetes.io/enforce-version"], "v1.36");
        assert.equal(resource(plan, "Namespace", "monitoring").protect, true);
    });

    it("opens what monitoring needs, by name, and closes the rest", async () => {
        const plan = await planOf("prod");
        const policies = objects(plan, "NetworkPolicy").filter(
            ({ metadata }) => metadata.namespace === "monitoring",
        );
        const dns = object(plan, "NetworkPolicy", "spywatcher-backend").spec.egress[0];
        const https = object(plan, "NetworkPolicy", "spywatcher-backend").spec.egress.at(-1);
        const both = ["Ingress", "Egress"];
        assert.deepEqual(Object.fromEntries(policies.map(({ metadata, spec }) => [metadata.name, spec])), {
            "default-deny": { podSelector: {}, policyTypes: both },
            common: {
                podSelector: {},
                policyTypes: both,
                ingress: [{ from: [pod("prometheus")] }],
                egress: [dns, { to: privateNetworks, ports: [tcp(443), tcp(6443)] }],
            },
            prometheus: {
                ...pod("prometheus"),
                policyTypes: both,
                ingress: [
                    { from: [pod("grafana")], ports: [tcp(9090)] },
                    { from: privateNetworks, ports: [tcp(9090)] },
                ],
                egress: [
                    { to: [{ namespaceSelector: {} }] },
                    { to: privateNetworks, ports: [tcp(10_250), tcp(9100), tcp(61_678)] },
                ],
            },
            alertmanager: {
                ...pod("alertmanager"),
                policyTypes: both,
                ingress: [
                    { from: [pod("prometheus"), pod("grafana")], ports: [tcp(9093)] },
                    { from: [pod("alertmanager")], ports: [tcp(9094), { protocol: "UDP", port: 9094 }] },
                ],
                egress: [
                    { to: [pod("alertmanager")], ports: [tcp(9094), { protocol: "UDP", port: 9094 }] },
                    https,
                    // The agent that gives Alertmanager's role its credentials.
                    {
                        to: [{ ipBlock: { cidr: "169.254.170.23/32" } }],
                        ports: [{ protocol: "TCP", port: 80 }],
                    },
                ],
            },
            grafana: {
                ...pod("grafana"),
                policyTypes: both,
                ingress: [],
                egress: [
                    { to: [pod("prometheus")], ports: [tcp(9090)] },
                    { to: [pod("alertmanager")], ports: [tcp(9093)] },
                    { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [tcp(80)] },
                    https,
                ],
            },
            operator: {
                ...pod("kube-prometheus-stack-prometheus-operator"),
                policyTypes: both,
                ingress: [{ from: privateNetworks, ports: [tcp(10_250)] }],
                egress: [],
            },
        });
    });
});

describe("Grafana's parts", () => {
    it("may read ConfigMaps of every namespace, and nothing else", async () => {
        const plan = await planOf("prod");
        assert.deepEqual(resource(plan, "ClusterRole", "grafana-dashboard-reader").inputs["rules"], [
            { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] },
        ]);
    });

    it("restart with a new password, because the Secret's name changes", async () => {
        const nameWith = async (grafanaAdminPassword: string): Promise<unknown> =>
            releaseValues(await planOf("prod", { secrets: { grafanaAdminPassword } }), stack).grafana.admin
                .existingSecret;
        assert.notEqual(await nameWith("a-password-of-20-chr"), await nameWith("b-password-of-20-chr"));
    });

    it("have on demand a load balancer of their own inside the VPC", async () => {
        const ingress = { host: "grafana.example.com", inboundCidrs: ["10.0.0.0/8", "192.168.1.0/24"] };
        const login = {
            kind: "cognito",
            userPoolArn: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a",
            userPoolClientId: "client",
            userPoolDomain: "domain",
        } as const;
        const plan = await planOf("prod", { monitoring: { grafana: { ingress: { ...ingress, login } } } });
        const { metadata, spec } = object(plan, "Ingress", "grafana");
        const prefix = "alb.ingress.kubernetes.io";
        assert.deepEqual(metadata.annotations, {
            [`${prefix}/group.name`]: "monitoring",
            [`${prefix}/scheme`]: "internal",
            [`${prefix}/target-type`]: "ip",
            [`${prefix}/listen-ports`]: '[{"HTTPS":443}]',
            [`${prefix}/ssl-policy`]: "ELBSecurityPolicy-TLS13-1-2-2021-06",
            [`${prefix}/inbound-cidrs`]: "10.0.0.0/8,192.168.1.0/24",
            [`${prefix}/healthcheck-path`]: "/api/health",
            [`${prefix}/auth-type`]: "cognito",
            [`${prefix}/auth-idp-cognito`]: JSON.stringify({
                userPoolARN: login.userPoolArn,
                userPoolClientID: "client",
                userPoolDomain: "domain",
            }),
        });
        assert.deepEqual(spec, {
            ingressClassName: "alb",
            rules: [
                {
                    host: "grafana.example.com",
                    http: {
                        paths: [
                            {
                                path: "/",
                                pathType: "Prefix",
                                backend: {
                                    service: { name: "kube-prometheus-stack-grafana", port: { number: 80 } },
                                },
                            },
                        ],
                    },
                },
            ],
        });
        assert.ok(comesAfter(plan, resource(plan, "Ingress", "grafana"), release(plan, stack)));
        assert.deepEqual(object(plan, "NetworkPolicy", "grafana").spec.ingress, [
            { from: privateNetworks, ports: [tcp(3000)] },
        ]);
    });
});

describe("Grafana's login at an OpenID Connect provider", () => {
    it("names the Secret that the controller may read, and no other", async () => {
        const plan = await planOf("prod", oidcLogin);
        const { annotations } = object(plan, "Ingress", "grafana").metadata;
        assert.equal(annotations?.["alb.ingress.kubernetes.io/auth-type"], "oidc");
        assert.deepEqual(JSON.parse(annotations["alb.ingress.kubernetes.io/auth-idp-oidc"] ?? ""), {
            issuer: "https://id.example.com",
            authorizationEndpoint: "https://id.example.com/authorize",
            tokenEndpoint: "https://id.example.com/token",
            userInfoEndpoint: "https://id.example.com/userinfo",
            secretName: "grafana-login",
        });
        const inputs = (kind: string) => resource(plan, kind, "grafana-login").inputs;
        assert.deepEqual(inputs("Role")["rules"], [
            {
                apiGroups: [""],
                resources: ["secrets"],
                resourceNames: ["grafana-login"],
                verbs: ["get", "list", "watch"],
            },
        ]);
        assert.deepEqual(inputs("RoleBinding")["subjects"], [
            { kind: "ServiceAccount", name: "aws-load-balancer-controller", namespace: "kube-system" },
        ]);
        assert.deepEqual(inputs("RoleBinding")["roleRef"], {
            apiGroup: "rbac.authorization.k8s.io",
            kind: "Role",
            name: "grafana-login",
        });
        for (const kind of ["Secret", "Role", "RoleBinding"]) {
            assert.equal((inputs(kind)["metadata"] as { namespace: string }).namespace, "monitoring");
        }
    });

    it("comes after the Secret and the right to read it", async () => {
        const plan = await planOf("prod", oidcLogin);
        const ingress = resource(plan, "Ingress", "grafana");
        for (const kind of ["Secret", "Role", "RoleBinding"]) {
            assert.ok(comesAfter(plan, ingress, resource(plan, kind, "grafana-login")), kind);
        }
    });
});

describe("the backend's ServiceMonitor", () => {
    for (const name of ["local", "dev", "prod"]) {
        it(`scrapes /metrics of ${name} every 30 s`, async () => {
            const plan = await planOf(name);
            const { apiVersion, metadata, spec } = object(plan, "ServiceMonitor", "spywatcher-backend");
            assert.equal(apiVersion, "monitoring.coreos.com/v1");
            assert.equal(metadata.namespace, "spywatcher");
            assert.deepEqual(spec, {
                selector: { matchLabels: { app: "spywatcher", tier: "backend" } },
                sampleLimit: 10_000,
                endpoints: [
                    {
                        port: "http",
                        path: "/metrics",
                        interval: "30s",
                        scrapeTimeout: "10s",
                        relabelings: [
                            { sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" },
                        ],
                    },
                ],
            });
            const service = object(plan, "Service", "spywatcher-backend");
            assert.deepEqual(
                { app: service.metadata.labels?.["app"], tier: service.metadata.labels?.["tier"] },
                spec.selector.matchLabels,
            );
        });
    }

    it("is the only one: the frontend has no metrics, and its fallback page would be a target that is down", async () => {
        assert.equal(objects(await planOf("prod"), "ServiceMonitor").length, 1);
    });

    it("is not there where nothing knows it", async () => {
        const plan = await planOf("local", { monitoring: { existingDefinitions: false } });
        assert.deepEqual(objects(plan, "ServiceMonitor"), []);
    });
});

describe("a Prometheus of somebody else's", () => {
    const objectLabels = { release: "metrics" };

    it("finds rules and monitors by the labels that it selects", async () => {
        const plan = await planOf("local", { monitoring: { objectLabels } });
        const found = [...objects(plan, "PrometheusRule"), ...objects(plan, "ServiceMonitor")];
        assert.equal(found.length, 9);
        for (const { metadata } of found) {
            assert.equal(metadata.labels?.["release"], "metrics", metadata.name);
            assert.equal(metadata.labels["app"], "spywatcher", metadata.name);
        }
    });

    it("finds the monitors of charts by them, too", async () => {
        const plan = await planOf("dev", { monitoring: { objectLabels } });
        for (const chart of ["karpenter", "aws-load-balancer-controller", "metrics-server"]) {
            assert.deepEqual(releaseValues(plan, chart).serviceMonitor, {
                enabled: true,
                additionalLabels: objectLabels,
            });
        }
    });

    it("may not go by labels that are the program's", () => {
        assert.deepEqual(problems({ monitoring: { objectLabels: { app: "x", "a b": "y" } } }), [
            'spywatcher:monitoring.objectLabels.app: must not be app, tier or app.kubernetes.io/…: these are the program\'s (is "x")',
            'spywatcher:monitoring.objectLabels.a b: must have the name of a label, such as release (is "y")',
        ]);
        assert.deepEqual(problems({ monitoring: { objectLabels: { team: "a b" } } }), [
            'spywatcher:monitoring.objectLabels.team: must be at most 63 letters, digits, hyphens, underscores and dots (is "a b")',
        ]);
    });
});
