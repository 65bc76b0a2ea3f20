import { z } from "zod";

import { chartForm } from "../../infra/platform/chart.ts";
import { type ChartName, charts } from "../../infra/versions.ts";
import { image } from "./primitives.ts";

const chartOverride = z
    .strictObject({
        chart: z
            .string()
            .refine(
                (text) => chartForm(text) !== undefined,
                "must be a name in the repository, an oci:// address, or a path that begins with /, ./ or ../",
            )
            .optional()
            .describe(
                "Name in the repository, `oci://` address, or path of a folder or archive, which begins with `/`, `./` or `../`.",
            ),
        repository: z
            .url({ protocol: /^https?$/, error: "must be an http or https URL" })
            .optional()
            .describe("Repository with an index; not for `oci://` addresses and paths."),
        version: z
            .string()
            .regex(/^\d+\.\d+\.\d+$/, "must be one exact version, such as 1.2.3, not a range")
            .optional()
            .describe("Exact version."),
        values: z
            .record(z.string(), z.unknown())
            .optional()
            .describe(
                "Further values of the chart, beside those the program sets, which it refuses. No secrets: they would be in plain text.",
            ),
    })
    .optional();

const enabled = () =>
    z
        .boolean()
        .optional()
        .describe(
            "Install it. Default: in a new cluster, not in one that exists already. Two of a kind in a cluster fight.",
        );

/** Groups that everybody is in, known to the cluster or not. */
const everybody = ["system:authenticated", "system:unauthenticated", "system:serviceaccounts"];

const validatorGroup = () =>
    z
        .string()
        .min(1, "must not be empty")
        .refine((group) => !everybody.includes(group), `must be none of ${everybody.join(", ")}`);

const names = Object.keys(charts) as ChartName[];

export const platformSchema = z
    .strictObject({
        charts: z
            .strictObject(
                Object.fromEntries(
                    names.map((name) => [
                        name,
                        chartOverride.describe(
                            `The chart ${name}: where to get it and in which version, when not its publisher's as pinned, and what else to set in it.`,
                        ),
                    ]),
                ) as Record<ChartName, typeof chartOverride>,
            )
            .prefault({}),
        customMetrics: z
            .strictObject({
                enabled: z
                    .boolean()
                    .optional()
                    .describe(
                        "Install prometheus-adapter, which serves `custom.metrics.k8s.io` from Prometheus. Default: as `app.backend.autoscaling.customMetrics.enabled`, with which the backend's HPA asks it. Needs monitoring.",
                    ),
            })
            .prefault({}),
        loadBalancerController: z
            .strictObject({
                enabled: enabled(),
                updateDefinitions: z
                    .boolean()
                    .default(true)
                    .describe(
                        "Bring its CustomResourceDefinitions to the chart's version by a Job in the cluster, which reads them from `definitionsUrl`. Without it they are installed once, and upgraded by hand (docs/UPGRADING.md).",
                    ),
                definitionsUrl: z
                    .url({ protocol: /^https?$/, error: "must be an http or https URL" })
                    .optional()
                    .describe(
                        "Address of the chart's `crds/crds.yaml`, where the cluster has no way to GitHub. Default: the file of the chart's version there.",
                    ),
                definitionsImage: image()
                    .optional()
                    .describe("Image of the Job, which has `kubectl`. Default: the publisher's, pinned."),
            })
            .prefault({})
            .describe("AWS Load Balancer Controller: makes the load balancer that an Ingress asks for."),
        metricsServer: z
            .strictObject({ enabled: enabled() })
            .prefault({})
            .describe("metrics-server: CPU and memory of pods, without which no HPA scales."),
        validation: z
            .strictObject({
                groups: z
                    .array(validatorGroup())
                    .default([])
                    .describe(
                        "Kubernetes groups that may run `validate`, beside the principals of `cluster.access.validators`. The service accounts of a namespace are the group `system:serviceaccounts:<namespace>`.",
                    ),
            })
            .prefault({})
            .describe(
                "Who may read what `npm run validate` looks at. Default: nobody but who may read anyway.",
            ),
    })
    .prefault({})
    .describe("Controllers between the cluster and the application.");
