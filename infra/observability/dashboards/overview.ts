import { appLabel } from "../../kubernetes/labels.ts";
import { burns } from "../burnRateRules.ts";
import { recorded } from "../recordingRules.ts";
import { perDeployment, selectors } from "../selectors.ts";
import { type ClassicDashboard, dashboard } from "./dashboard.ts";
import type { DashboardArgs } from "./dashboardArgs.ts";
import { graph, list, number } from "./panels.ts";
import { instant, range, rows } from "./targets.ts";

/** Share of the month's budget that is left; nothing without requests. */
function budgetLeft(rate: string, objective: number, own: string): string {
    // Rounded, because 1 - 0.995 is not exactly 0.005.
    const budget = Number((1 - objective).toPrecision(6));
    const over = (series: string) => `avg_over_time(${series}${own}[30d])`;
    return `1 - ${over(rate)} / (${over(recorded.requests("5m"))} > 0) / ${budget}`;
}

function objectives({ rules }: DashboardArgs) {
    const { availabilityObjective, latencyObjective, latencySeconds } = rules.thresholds;
    const own = `{namespace="${rules.namespace}"}`;
    const share = (title: string, series: string, objective: number, answered: string) =>
        number({
            title,
            description: `Share of the API's requests of the last 3 days that were answered ${answered}. The objective is ${objective * 100} % of a month.`,
            unit: "percentunit",
            decimals: 2,
            width: 5,
            limit: { below: objective },
            noValue: "no requests",
            targets: [instant(`1 - ${series}${own}`)],
        });
    const budget = (title: string, rate: string, objective: number) =>
        number({
            title,
            description:
                "Share of what may go wrong in 30 days that has not gone wrong yet; below 0 the objective is missed. Looks back as far as Prometheus keeps samples.",
            unit: "percentunit",
            decimals: 0,
            width: 4,
            limit: { below: 0 },
            noValue: "no requests",
            targets: [instant(budgetLeft(rate, objective, own))],
        });
    return [
        share("Availability, 3 days", recorded.errors("3d"), availabilityObjective, "without a server error"),
        budget("Availability budget left", recorded.errorRate, availabilityObjective),
        share(
            `Answered within ${latencySeconds} s, 3 days`,
            recorded.slow("3d"),
            latencyObjective,
            `within ${latencySeconds} seconds`,
        ),
        budget("Latency budget left", recorded.slowRate, latencyObjective),
    ];
}

function alerts({ rules }: DashboardArgs) {
    const firing = `ALERTS{alertstate="firing", severity=~"critical|warning"}`;
    return {
        count: number({
            title: "Firing alerts",
            description: `Alerts of the application that fire now, in ${rules.namespace}, the load balancer and the nodes.`,
            unit: "none",
            width: 6,
            limit: { above: 1 },
            targets: [
                instant(
                    `count(ALERTS{alertstate="firing", severity=~"critical|warning", app="${appLabel}"}) or vector(0)`,
                ),
            ],
        }),
        list: list({
            title: "Firing alerts",
            description: `All alerts of the cluster that fire now, those of the chart too. Each of the application's has a section in ${rules.runbookBase === undefined ? "docs/RUNBOOKS.md of the repository" : "the runbooks, linked at the top"}.`,
            columns: ["alertname", "severity", "namespace", "deployment", "pod", "container"],
            noValue: "Nothing fires.",
            width: 24,
            height: 6,
            targets: [rows(firing)],
        }),
    };
}

/** What the person on call looks at first. */
export function overview(args: DashboardArgs): ClassicDashboard {
    const { thresholds, namespace } = args.rules;
    const { deployments } = selectors(args.rules);
    const own = `{namespace="${namespace}"}`;
    const { count, list: firing } = alerts(args);
    const burnRates = (what: string, series: typeof recorded.errors, objective: number) =>
        graph({
            title: `${what} budget: how fast it is used up`,
            description: `1 uses up the budget of 30 days in 30 days. Alerts begin at ${burns.map(({ factor, long }) => `${factor} over ${long}`).join(", ")}.`,
            unit: "none",
            targets: burns.map(({ long }) =>
                range(`${series(long)}${own} / ${Number((1 - objective).toPrecision(6))}`, long),
            ),
        });
    return dashboard(args, {
        slug: "overview",
        title: "Overview",
        description: "First look for whoever is on call: are users served, and if not, where to look next.",
        sections: [
            { title: "Now", panels: [...objectives(args), count, firing] },
            {
                title: "What users of the API see",
                panels: [
                    graph({
                        title: "Requests",
                        description: "Requests to the API per second, without probes and scrapes.",
                        unit: "reqps",
                        targets: [
                            range(`${recorded.requests("5m")}${own}`, "all"),
                            range(`${recorded.errorRate}${own}`, "failed"),
                        ],
                    }),
                    graph({
                        title: "Failed requests",
                        description:
                            "Share of the requests that are answered with a server error. The line is where High5xxErrorRate begins.",
                        unit: "percentunit",
                        limit: { above: thresholds.serverErrors },
                        targets: [range(`${recorded.errors("5m")}${own}`, "failed")],
                    }),
                    graph({
                        title: "Response time",
                        description:
                            "95 % of the requests are answered within this time. The line is where HighResponseTime begins.",
                        unit: "s",
                        limit: { above: thresholds.responseSeconds },
                        targets: [range(`${recorded.responseTime}${own}`, "p95")],
                    }),
                ],
            },
            {
                title: "Error budgets and pods",
                panels: [
                    burnRates("Availability", recorded.errors, thresholds.availabilityObjective),
                    burnRates("Latency", recorded.slow, thresholds.latencyObjective),
                    graph({
                        title: "Available pods",
                        description: "Pods that can answer, and those there should be, of each Deployment.",
                        unit: "none",
                        targets: [
                            range(
                                perDeployment(`kube_deployment_status_replicas_available{${deployments}}`),
                                "{{deployment}}",
                            ),
                            range(
                                perDeployment(`kube_deployment_spec_replicas{${deployments}}`),
                                "{{deployment}} wanted",
                            ),
                        ],
                    }),
                    graph({
                        title: "CPU use",
                        description:
                            "Use over the limit, of each workload's busiest container. At the line a container is about to be throttled (NearCPULimit).",
                        unit: "percentunit",
                        limit: { above: thresholds.nearCpuLimit },
                        targets: [
                            range(`max by (container) (${recorded.cpuOfLimit}${own})`, "{{container}}"),
                        ],
                    }),
                    graph({
                        title: "Memory use",
                        description:
                            "Use over the limit, of each workload's fullest container. At the line a container is about to be killed (NearMemoryLimit).",
                        unit: "percentunit",
                        limit: { above: thresholds.nearMemoryLimit },
                        targets: [
                            range(`max by (container) (${recorded.memoryOfLimit}${own})`, "{{container}}"),
                        ],
                    }),
                    graph({
                        title: "Restarts",
                        description: "Restarts of containers in 10 minutes.",
                        unit: "none",
                        bars: true,
                        stacked: true,
                        targets: [range(`sum by (container) (${recorded.restarts}${own})`, "{{container}}")],
                    }),
                ],
            },
        ],
    });
}
