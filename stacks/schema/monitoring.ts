import { z } from "zod";

import { alertRulesSchema } from "./alertRules.ts";
import { arn } from "./aws.ts";
import { bytes, cidr, cpu, hostName, integer, kubernetesName } from "./primitives.ts";
import { routingSchema } from "./routing.ts";

const binaryBytes = (message: string) => z.string().regex(/^[1-9]\d*(Mi|Gi|Ti)$/, message);

const prometheusDuration = () =>
    z.string().regex(/^[1-9]\d*(h|d|w|y)$/, "must be a time in hours, days, weeks or years, such as 15d");

/** The operator makes a StatefulSet anew with another size, but leaves the claims that there are. */
const grownByHand =
    "Those that are there keep theirs: grow them by hand first, see `VolumeFillingUp` in docs/RUNBOOKS.md.";

const prometheus = z
    .strictObject({
        replicas: integer(1, 2)
            .default(1)
            .describe("Prometheis that each scrape everything; 2 bridge a node's end."),
        retention: prometheusDuration().default("15d").describe("Time samples are kept."),
        retentionSize: binaryBytes("must be a size in Mi, Gi or Ti, such as 8Gi")
            .default("8Gi")
            .describe(
                "Size at which the oldest samples go. At most 80 % of `storage`: the log before the blocks is not cut.",
            ),
        storage: bytes().default("10Gi").describe(`Size of each replica's volume. ${grownByHand}`),
        cpu: cpu().default("250m").describe("CPU reserved for each replica."),
        memory: bytes()
            .default("1536Mi")
            .describe("Memory of each replica, reserved and at most. About 8 KiB for each active series."),
    })
    .prefault({});

const alertmanager = z
    .strictObject({
        replicas: integer(1, 5).default(1).describe("Alertmanagers. They agree on what has been sent."),
        retention: z
            .string()
            .regex(/^[1-9]\d*h$/, "must be a time in hours, such as 120h")
            .default("120h")
            .describe("Time silences and notifications are kept."),
        storage: bytes().default("1Gi").describe(`Size of each replica's volume. ${grownByHand}`),
    })
    .prefault({});

const httpsUrl = () => z.url({ protocol: /^https$/, error: "must be an https URL" });

const login = z
    .discriminatedUnion(
        "kind",
        [
            z
                .strictObject({
                    kind: z.literal("cognito"),
                    userPoolArn: arn("cognito-idp").describe("User pool."),
                    userPoolClientId: z.string().min(1, "must not be empty").describe("Client of the pool."),
                    userPoolDomain: z.string().min(1, "must not be empty").describe("Domain of the pool."),
                })
                .describe("An Amazon Cognito user pool."),
            z
                .strictObject({
                    kind: z.literal("oidc"),
                    issuer: httpsUrl().describe("Issuer."),
                    authorizationEndpoint: httpsUrl().describe("Authorization endpoint."),
                    tokenEndpoint: httpsUrl().describe("Token endpoint."),
                    userInfoEndpoint: httpsUrl().describe("User info endpoint."),
                    clientId: z
                        .string()
                        .min(1, "must not be empty")
                        .describe(
                            "Client at the provider, which may call `https://<host>/oauth2/idpresponse` back.",
                        ),
                })
                .describe("Any OpenID Connect provider. Needs `secrets.grafanaClientSecret`."),
        ],
        'must be "cognito" or "oidc"',
    )
    .optional()
    .describe("Who the load balancer lets through to Grafana. Default: everybody, to Grafana's own login.");

const grafana = z
    .strictObject({
        enabled: z.boolean().default(true).describe("Install Grafana. Needs `secrets.grafanaAdminPassword`."),
        storage: bytes()
            .optional()
            .describe(
                "Size of a volume for what people change in the browser. Default: none, dashboards come from ConfigMaps. With one, a new admin password has to be set in Grafana too.",
            ),
        ingress: z
            .strictObject({
                host: hostName()
                    .meta({ examples: ["grafana.spywatcher.example.com"] })
                    .describe("Host name of Grafana."),
                certificateArn: arn("acm")
                    .optional()
                    .describe("ACM certificate. Default: the controller finds one by host name."),
                inboundCidrs: z
                    .array(cidr())
                    .min(1, "must name at least one network")
                    .meta({ examples: [["10.0.0.0/16"]] })
                    .describe("Networks that may connect."),
                login,
            })
            .optional()
            .describe(
                "A load balancer of its own for Grafana, inside the VPC. Default: none, `kubectl port-forward`.",
            ),
    })
    .prefault({});

/** Labels of the program's own, which selectors of its objects go by. */
const ownLabels = /^(?:app|tier|app\.kubernetes\.io\/.*)$/;
const labelName = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^(?:[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?)?$/;

const objectLabels = z
    .record(
        z.string(),
        z.string().regex(labelValue, "must be at most 63 letters, digits, hyphens, underscores and dots"),
    )
    .superRefine((labels, context) => {
        for (const name of Object.keys(labels)) {
            if (!labelName.test(name)) {
                context.addIssue({
                    code: "custom",
                    path: [name],
                    message: "must have the name of a label, such as release",
                });
            } else if (ownLabels.test(name)) {
                context.addIssue({
                    code: "custom",
                    path: [name],
                    message: "must not be app, tier or app.kubernetes.io/…: these are the program's",
                });
            }
        }
    });

export const monitoringSchema = z
    .strictObject({
        enabled: z
            .boolean()
            .optional()
            .describe(
                "Install Prometheus, Alertmanager, Grafana and the exporters. Default: yes in a cluster that is made (`cluster.kind: eks`), no in one that exists.",
            ),
        existingDefinitions: z
            .boolean()
            .default(false)
            .describe(
                "The cluster has a Prometheus operator already: nothing is installed, but the application's monitors and rules are made.",
            ),
        objectLabels: objectLabels
            .default({})
            .meta({ examples: [{ release: "kube-prometheus-stack" }] })
            .describe(
                "Labels of the alert rules and monitors, by which a Prometheus of your own selects them: the chart's does by `release`, the name of its release, unless told otherwise. With `enabled` none is needed.",
            ),
        namespace: kubernetesName()
            .default("monitoring")
            .describe(
                "Namespace of the Prometheus that scrapes the backend; made with `enabled`. A change replaces everything in it.",
            ),
        storageClassName: kubernetesName()
            .optional()
            .describe(
                "Class of the volumes. Default: `gp3` with `cluster.kind: eks`, else the cluster's default.",
            ),
        prometheus,
        alertmanager,
        routing: routingSchema,
        grafana,
        dashboards: z
            .boolean()
            .optional()
            .describe(
                "Make the dashboards. Default: wherever Grafana is installed. They read series that `rules` record.",
            ),
        rules: alertRulesSchema,
    })
    .prefault({})
    .describe("Monitoring.");
