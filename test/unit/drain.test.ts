import assert from "node:assert/strict";

import fc from "fast-check";

import { drain, keepAliveTimeoutMs } from "../../infra/app/drain.ts";
import { object, objects, planOf } from "../support/plans.ts";

describe("drain", () => {
    it("derives 70 s of preStop and 105 s of grace from the seed's 60 s", () => {
        assert.deepEqual(drain({ drainSeconds: 60, shutdownSeconds: 30 }), {
            deregistrationDelaySeconds: 60,
            preStopSeconds: 70,
            terminationGracePeriodSeconds: 105,
        });
    });

    it("always keeps deregistration delay < preStop < grace period", () => {
        fc.assert(
            fc.property(
                fc.integer({ min: 0, max: 3600 }),
                fc.integer({ min: 1, max: 600 }),
                (drainSeconds, shutdownSeconds) => {
                    const chain = drain({ drainSeconds, shutdownSeconds });
                    assert.equal(chain.deregistrationDelaySeconds, drainSeconds);
                    assert.ok(chain.deregistrationDelaySeconds < chain.preStopSeconds);
                    assert.ok(chain.preStopSeconds + shutdownSeconds < chain.terminationGracePeriodSeconds);
                },
            ),
        );
    });

    it("reaches pods and target groups from the one configured value", async () => {
        const plan = await planOf("prod", { app: { ingress: { drainSeconds: 20, shutdownSeconds: 5 } } });
        for (const { spec } of objects(plan, "Deployment")) {
            assert.equal(spec.template.spec.terminationGracePeriodSeconds, 40);
            assert.deepEqual(spec.template.spec.containers[0].lifecycle, {
                preStop: { sleep: { seconds: 30 } },
            });
        }
        const annotations = object(plan, "Ingress", "spywatcher-ingress").metadata.annotations ?? {};
        assert.match(
            annotations["alb.ingress.kubernetes.io/target-group-attributes"] ?? "",
            /(^|,)deregistration_delay\.timeout_seconds=20(,|$)/,
        );
    });
});

describe("keep-alive", () => {
    it("outlives the load balancer's idle timeout by 5 s", () => {
        assert.equal(keepAliveTimeoutMs(60), 65_000);
    });

    it("follows the configured idle timeout", async () => {
        const plan = await planOf("prod", { app: { ingress: { idleTimeoutSeconds: 120 } } });
        const values = objects(plan, "ConfigMap").map(({ data }) => data?.["KEEP_ALIVE_TIMEOUT_MS"]);
        assert.deepEqual(
            values.filter((value) => value !== undefined),
            ["125000"],
        );
        const annotations = object(plan, "Ingress", "spywatcher-ingress").metadata.annotations ?? {};
        assert.match(
            annotations["alb.ingress.kubernetes.io/load-balancer-attributes"] ?? "",
            /^idle_timeout\.timeout_seconds=120,/,
        );
    });
});
