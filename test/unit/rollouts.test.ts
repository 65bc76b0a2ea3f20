import assert from "node:assert/strict";

import { rolloutAdvice } from "../../ops/engine/rolloutAdvice.ts";
import { configOf, object, planOf, resource } from "../support/plans.ts";
import { problems } from "../support/configProblems.ts";
import { warnings } from "../../stacks/warnings.ts";

const path = "spywatcher:app.rolloutTimeoutSeconds";

describe("the time a rollout may take", () => {
    const bot = { app: { bot: { enabled: true } } };

    it("is Kubernetes' own default of ten minutes, and the engine waits 15 s for what Kubernetes says then", async () => {
        const plan = await planOf("prod", bot);
        for (const tier of ["backend", "frontend", "bot"]) {
            const { customTimeouts } = resource(plan, "Deployment", `spywatcher-${tier}`);
            assert.equal(
                object(plan, "Deployment", `spywatcher-${tier}`).spec.progressDeadlineSeconds,
                600,
                tier,
            );
            assert.deepEqual(customTimeouts, { create: "615s", update: "615s" }, tier);
        }
    });

    it("follows its key", async () => {
        const plan = await planOf("local", { app: { rolloutTimeoutSeconds: 120 } });
        for (const tier of ["backend", "frontend"]) {
            const { inputs, customTimeouts } = resource(plan, "Deployment", `spywatcher-${tier}`);
            assert.equal(
                (inputs["spec"] as { progressDeadlineSeconds: number }).progressDeadlineSeconds,
                120,
            );
            assert.deepEqual(customTimeouts, { create: "135s", update: "135s" });
        }
    });

    it("must be enough for the most pods, one after the other, with readiness probe and load balancer", () => {
        const most = (maxReplicas: number, rolloutTimeoutSeconds: number) =>
            problems({ app: { rolloutTimeoutSeconds, frontend: { autoscaling: { maxReplicas } } } });
        assert.deepEqual(most(12, 300), []);
        assert.deepEqual(most(13, 300), [
            `${path}: must be at least 325 and the pods' start-up: a rollout replaces 13 frontend pods one after the other, each with 5 s until its first readiness probe and 20 s until its target is healthy (is 300)`,
        ]);
        assert.deepEqual(problems({ app: { rolloutTimeoutSeconds: 299 } }), [
            `${path}: must be at least 300 and the pods' start-up: a rollout replaces 10 backend pods one after the other, each with 10 s until its first readiness probe and 20 s until its target is healthy (is 299)`,
        ]);
    });

    it("is warned of when it is shorter than the startup probe gives a pod", () => {
        const warned = (rolloutTimeoutSeconds: number) =>
            warnings(configOf("local", { app: { rolloutTimeoutSeconds } })).filter((line) =>
                line.startsWith(path),
            );
        assert.deepEqual(warned(300), []);
        assert.deepEqual(warned(299), [
            `${path}: an update is given up after 299 s, but the startup probe gives a pod 300 s: pods that start slowly make updates fail.`,
        ]);
    });
});

describe("a rollout that an update has given up", () => {
    it("is named, with what to look at and what to do", () => {
        const message = [
            "The update failed.",
            "  app-backend-deployment: 3 errors occurred:",
            "\t* the Kubernetes API server reported that \"blue/spywatcher-backend\" failed to fully initialize or become live: 'spywatcher-backend' timed out waiting to be Ready",
            '\t* [ProgressDeadlineExceeded] ReplicaSet "spywatcher-backend-7c7b866864" has timed out progressing.',
            "\t* Minimum number of Pods to consider the application live was not attained",
        ].join("\n");
        assert.deepEqual(rolloutAdvice(message), [
            "The rollout of Deployment spywatcher-backend was given up: its new pods are not ready within app.rolloutTimeoutSeconds. The old ones go on serving.",
            "  See why:   kubectl -n blue describe pods -l tier=backend",
            "             kubectl -n blue logs -l tier=backend --tail=100",
            "  Then:      run up again with an image and settings that work (docs/OPERATIONS.md, a rollout that is given up).",
        ]);
    });

    it("is none when something else fails", () => {
        for (const message of [
            "Interrupted: the engine has stopped the update cleanly. Run it again to go on.",
            'The update failed.\n  app-schema-job: the Kubernetes API server reported that "spywatcher/spywatcher-schema-1a2b" failed to fully initialize or become live: Job failed',
            'The update failed.\n  data-postgres: the Kubernetes API server reported that "spywatcher/postgres" failed to fully initialize or become live',
        ])
            assert.deepEqual(rolloutAdvice(message), []);
    });
});
