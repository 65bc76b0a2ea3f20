import assert from "node:assert/strict";

import fc from "fast-check";

import {
    refusedAttributePairs,
    routingAlgorithms,
    targetGroupAttributes,
    type TargetGroupArgs,
} from "../../infra/app/loadBalancer.ts";
import { object, planOf } from "../support/plans.ts";

const seed: TargetGroupArgs = {
    deregistrationDelaySeconds: 60,
    stickinessSeconds: 3600,
    algorithm: "least_outstanding_requests",
    slowStartSeconds: 0,
    crossZone: true,
};

describe("the Ingress", () => {
    it("asks for the load balancer of the seed in prod", async () => {
        const { metadata, spec } = object(await planOf("prod"), "Ingress", "spywatcher-ingress");
        assert.deepEqual(metadata.annotations, {
            "alb.ingress.kubernetes.io/scheme": "internet-facing",
            "alb.ingress.kubernetes.io/target-type": "ip",
            "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP":80},{"HTTPS":443}]',
            "alb.ingress.kubernetes.io/ssl-redirect": "443",
            "alb.ingress.kubernetes.io/ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "alb.ingress.kubernetes.io/certificate-arn":
                "arn:aws:acm:us-east-1:123456789012:certificate/certificate-certificate-id",
            "alb.ingress.kubernetes.io/wafv2-acl-arn":
                "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/spywatcher-prod/waf-acl-id",
            "alb.ingress.kubernetes.io/load-balancer-attributes":
                "idle_timeout.timeout_seconds=60,routing.http2.enabled=true,routing.http.drop_invalid_header_fields.enabled=true,deletion_protection.enabled=true,access_logs.s3.enabled=true,access_logs.s3.bucket=spywatcher-prod-access-logs-123456789012,access_logs.s3.prefix=spywatcher",
            "alb.ingress.kubernetes.io/target-group-attributes":
                "deregistration_delay.timeout_seconds=60,load_balancing.algorithm.type=least_outstanding_requests,load_balancing.cross_zone.enabled=true,slow_start.duration_seconds=0,stickiness.enabled=true,stickiness.type=lb_cookie,stickiness.lb_cookie.duration_seconds=3600",
            "alb.ingress.kubernetes.io/actions.metrics-not-found":
                '{"type":"fixed-response","fixedResponseConfig":{"contentType":"text/plain","statusCode":"404","messageBody":"Not Found"}}',
            "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress[0].hostname}",
        });
        assert.deepEqual(spec, {
            ingressClassName: "alb",
            rules: [
                {
                    host: "spywatcher.example.com",
                    http: {
                        paths: [
                            {
                                path: "/",
                                pathType: "Prefix",
                                backend: { service: { name: "spywatcher-frontend", port: { name: "http" } } },
                            },
                        ],
                    },
                },
                {
                    host: "api.spywatcher.example.com",
                    http: {
                        paths: [
                            {
                                path: "/metrics",
                                pathType: "Prefix",
                                backend: {
                                    service: { name: "metrics-not-found", port: { name: "use-annotation" } },
                                },
                            },
                            {
                                path: "/",
                                pathType: "Prefix",
                                backend: { service: { name: "spywatcher-backend", port: { name: "http" } } },
                            },
                        ],
                    },
                },
            ],
        });
    });

    it("switches deletion protection and access logs off by name where they are not wanted", async () => {
        const annotations =
            object(await planOf("dev"), "Ingress", "spywatcher-ingress").metadata.annotations ?? {};
        assert.match(
            annotations["alb.ingress.kubernetes.io/load-balancer-attributes"] ?? "",
            /,deletion_protection\.enabled=false,access_logs\.s3\.enabled=false$/,
        );
    });

    it("names the certificate and the web ACL when they are configured", async () => {
        const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1b2c";
        const wafAclArn = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/spywatcher/1b2c";
        const plan = await planOf("dev", { edge: { certificateArn, wafAclArn } });
        const annotations = object(plan, "Ingress", "spywatcher-ingress").metadata.annotations ?? {};
        assert.equal(annotations["alb.ingress.kubernetes.io/certificate-arn"], certificateArn);
        assert.equal(annotations["alb.ingress.kubernetes.io/wafv2-acl-arn"], wafAclArn);
    });

    it("leaves the web ACL as it is without a word of one, and takes it away when it is switched off", async () => {
        const key = "alb.ingress.kubernetes.io/wafv2-acl-arn";
        const without = object(await planOf("dev"), "Ingress", "spywatcher-ingress");
        assert.equal(key in (without.metadata.annotations ?? {}), false);
        const off = object(
            await planOf("prod", { edge: { waf: { enabled: false } } }),
            "Ingress",
            "spywatcher-ingress",
        );
        assert.equal(off.metadata.annotations?.[key], "none");
    });

    it("is not waited for where no load balancer controller runs", async () => {
        const annotations =
            object(await planOf("local"), "Ingress", "spywatcher-ingress").metadata.annotations ?? {};
        assert.equal(annotations["pulumi.com/skipAwait"], "true");
        assert.equal("pulumi.com/waitFor" in annotations, false);
    });

    for (const tier of ["backend", "frontend"]) {
        it(`checks the ${tier}'s health at its readiness path`, async () => {
            const plan = await planOf("prod");
            const { annotations } = object(plan, "Service", `spywatcher-${tier}`).metadata;
            const [container] = object(plan, "Deployment", `spywatcher-${tier}`).spec.template.spec
                .containers;
            assert.equal(container.readinessProbe.httpGet.path, "/health/ready");
            assert.deepEqual(annotations, {
                "alb.ingress.kubernetes.io/healthcheck-protocol": "HTTP",
                "alb.ingress.kubernetes.io/healthcheck-port": "traffic-port",
                "alb.ingress.kubernetes.io/healthcheck-path": "/health/ready",
                "alb.ingress.kubernetes.io/healthcheck-interval-seconds": "10",
                "alb.ingress.kubernetes.io/healthcheck-timeout-seconds": "5",
                "alb.ingress.kubernetes.io/healthy-threshold-count": "2",
                "alb.ingress.kubernetes.io/unhealthy-threshold-count": "2",
                "alb.ingress.kubernetes.io/success-codes": "200",
                "pulumi.com/skipAwait": "true",
            });
        });
    }

    it("checks the path the backend's readiness was set to", async () => {
        const plan = await planOf("prod", { app: { backend: { readinessPath: "/health/live" } } });
        const { annotations } = object(plan, "Service", "spywatcher-backend").metadata;
        const [container] = object(plan, "Deployment", "spywatcher-backend").spec.template.spec.containers;
        assert.equal(annotations?.["alb.ingress.kubernetes.io/healthcheck-path"], "/health/live");
        assert.equal(container.readinessProbe.httpGet.path, "/health/live");
    });
});

describe("refusedAttributePairs", () => {
    it("accepts what the seed asks for", () => {
        assert.deepEqual(refusedAttributePairs(seed), []);
        assert.deepEqual(
            refusedAttributePairs({ ...seed, algorithm: "round_robin", slowStartSeconds: 30 }),
            [],
        );
    });

    it("names each pair that ELB refuses", () => {
        assert.deepEqual(refusedAttributePairs({ ...seed, slowStartSeconds: 30 }), [
            "slow start cannot be combined with least_outstanding_requests; set slowStartSeconds to 0 or use round_robin",
        ]);
        assert.deepEqual(
            refusedAttributePairs({ ...seed, algorithm: "weighted_random", slowStartSeconds: 30 }),
            [
                "slow start cannot be combined with weighted_random; set slowStartSeconds to 0 or use round_robin",
                "stickiness cannot be combined with weighted_random; use least_outstanding_requests or round_robin",
            ],
        );
        assert.deepEqual(refusedAttributePairs({ ...seed, crossZone: false }), [
            "stickiness needs cross-zone load balancing; set crossZone to true",
        ]);
    });

    it("lets no set of attributes through that ELB refuses", () => {
        const args = fc.record({
            deregistrationDelaySeconds: fc.integer({ min: 0, max: 3600 }),
            stickinessSeconds: fc.option(fc.integer({ min: 1, max: 604_800 }), { nil: undefined }),
            algorithm: fc.constantFrom(...routingAlgorithms),
            slowStartSeconds: fc.constantFrom(0, 30, 900),
            crossZone: fc.boolean(),
        });
        fc.assert(
            fc.property(args, (each) => {
                const written = new Map(
                    targetGroupAttributes(each)
                        .split(",")
                        .map((pair) => pair.split("=") as [string, string]),
                );
                const sticky = written.get("stickiness.enabled") === "true";
                const algorithm = written.get("load_balancing.algorithm.type");
                const refused =
                    (written.get("slow_start.duration_seconds") !== "0" && algorithm !== "round_robin") ||
                    (sticky && algorithm === "weighted_random") ||
                    (sticky && written.get("load_balancing.cross_zone.enabled") === "false");
                assert.equal(refusedAttributePairs(each).length > 0, refused);
            }),
        );
    });
});
