import assert from "node:assert/strict";

import { dashboardArgs } from "../../stacks/dashboards.ts";
import { configOf, objects, planOf, resource } from "../support/plans.ts";
import { releaseValues } from "../support/releases.ts";
import { comesAfter } from "../support/resources.ts";

const slugs = ["overview", "autoscaling", "rollouts", "load-balancer", "data-stores", "capacity"];
const labelled = ({ metadata }: { metadata: { labels?: Record<string, string> } }) =>
    metadata.labels?.["grafana_dashboard"] === "1";

describe("the dashboards of a stack", () => {
    for (const stack of ["dev", "prod"]) {
        it(`are ConfigMaps of ${stack} that Grafana's sidecar finds and the API server takes`, async () => {
            const plan = await planOf(stack);
            const { dashboards } = releaseValues(plan, "kube-prometheus-stack").grafana.sidecar;
            const made = objects(plan, "ConfigMap").filter(labelled);
            assert.deepEqual(
                made.map(({ metadata }) => metadata.name),
                slugs.map((slug) => `spywatcher-dashboard-${slug}`),
            );
            for (const { apiVersion, metadata, data } of made) {
                const slug = metadata.name.replace("spywatcher-dashboard-", "");
                assert.equal(apiVersion, "v1");
                assert.equal(metadata.namespace, "monitoring");
                assert.deepEqual(metadata.labels, {
                    "app.kubernetes.io/part-of": "spywatcher",
                    "app.kubernetes.io/managed-by": "pulumi",
                    [dashboards.label]: dashboards.labelValue,
                });
                assert.deepEqual(metadata.annotations, { [dashboards.folderAnnotation]: "Spywatcher" });
                const [[file, text] = ["", ""], ...more] = Object.entries(data ?? {});
                assert.deepEqual([file, more], [`spywatcher-${slug}.json`, []]);
                assert.equal(JSON.parse(text).uid, `spywatcher-${slug}`);
                // A ConfigMap may have 1 MiB; client-side apply keeps a copy in annotations of 256 KiB.
                assert.ok(Buffer.byteLength(text) < 2 ** 18, `${slug} is too large`);
            }
        });
    }

    it("come after the namespace alone", async () => {
        const plan = await planOf("prod");
        const overview = resource(plan, "ConfigMap", "spywatcher-dashboard-overview");
        assert.ok(comesAfter(plan, overview, resource(plan, "Namespace", "monitoring")));
        assert.deepEqual(
            overview.dependsOn.filter((urn) => urn.includes("helm.sh")),
            [],
        );
    });

    it("are not made when they are off, or where there is no Grafana of ours", async () => {
        for (const [stack, change] of [
            ["prod", { monitoring: { dashboards: false } }],
            ["prod", { monitoring: { grafana: { enabled: false } } }],
            ["local", {}],
        ] as const)
            assert.deepEqual(objects(await planOf(stack, change), "ConfigMap").filter(labelled), []);
    });

    it("show what the configuration says", () => {
        const ofProd = dashboardArgs(configOf("prod"), "spywatcher-prod");
        assert.deepEqual(ofProd.loadBalancer, {
            clusterName: "spywatcher-prod",
            ingress: "spywatcher/spywatcher-ingress",
        });
        const { postgres, redis, inCluster } = ofProd.stores ?? {};
        assert.deepEqual(
            [postgres?.name, redis?.name, redis?.nodes, inCluster],
            ["spywatcher-prod-postgres", "spywatcher-prod-redis", 2, false],
        );
        assert.deepEqual([ofProd.karpenter, ofProd.customMetrics], [true, false]);
        const ofLocal = dashboardArgs(configOf("local"), undefined);
        assert.deepEqual(
            [ofLocal.karpenter, ofLocal.loadBalancer, ofLocal.stores],
            [false, undefined, { inCluster: true }],
        );
    });
});
