import { severities } from "../../infra/platform/monitoring/alertRouting.ts";
import { hasSecret, type Receiver } from "../../infra/platform/monitoring/receivers.ts";
import { installsMonitoring } from "../features.ts";
import type { Problem } from "../problems.ts";
import type { Config } from "../schema/index.ts";

const receiversPath = ["monitoring", "routing", "receivers"];

/** A name stands for one receiver. */
export function receiverNames({ monitoring }: Config): Problem[] {
    const { receivers } = monitoring.routing;
    return receivers.flatMap(({ name }, index) =>
        receivers.findIndex((other) => other.name === name) < index
            ? [
                  {
                      path: [...receiversPath, index, "name"],
                      message: "must be another one than those of the receivers before",
                  },
              ]
            : [],
    );
}

/** Routes lead to receivers, and to each once. */
export function routesHaveReceivers({ monitoring }: Config): Problem[] {
    const { receivers, routes } = monitoring.routing;
    const names = receivers.map(({ name }) => name);
    return severities.flatMap((severity) =>
        routes[severity].flatMap((name, index): Problem[] => {
            const path = ["monitoring", "routing", "routes", severity, index];
            const related = [receiversPath];
            if (!names.includes(name)) {
                const there = names.length === 0 ? "there are none" : `there are ${names.join(", ")}`;
                return [
                    {
                        path,
                        message: `must be the name of one of monitoring.routing.receivers; ${there}`,
                        related,
                    },
                ];
            }
            return routes[severity].indexOf(name) < index
                ? [{ path, message: "must be named once: the receiver would be told twice", related }]
                : [];
        }),
    );
}

/** Who is configured is told of something. */
export function receiversHaveRoutes({ monitoring }: Config): Problem[] {
    const { receivers, routes } = monitoring.routing;
    const routed = new Set(severities.flatMap((severity) => routes[severity]));
    return receivers.flatMap(({ name }, index) =>
        routed.has(name)
            ? []
            : [
                  {
                      path: [...receiversPath, index, "name"],
                      message: "must be in monitoring.routing.routes: the receiver is told of nothing",
                      related: [["monitoring", "routing", "routes"]],
                  },
              ],
    );
}

/** What is wrong with a receiver's secret, without showing it. */
function secretProblem({ kind }: Receiver, secret: string): string | undefined {
    switch (kind) {
        case "discord":
        case "slack":
            return URL.parse(secret)?.protocol === "https:" && !secret.endsWith("/")
                ? undefined
                : "must be the https URL of a webhook, without a slash at the end";
        case "pagerduty":
            return /^[A-Za-z0-9]{32}$/.test(secret)
                ? undefined
                : "must be an integration key, 32 letters and digits";
        default:
            return undefined;
    }
}

/** Each receiver has its secret, and each secret its receiver. */
export function receiverSecrets({ monitoring, secrets }: Config): Problem[] {
    const { receivers } = monitoring.routing;
    const related = [receiversPath];
    const wanted = new Map(receivers.filter(hasSecret).map((receiver) => [receiver.name, receiver]));
    const path = (name: string) => ["secrets", "receivers", name];
    return [
        ...[...wanted].flatMap(([name, receiver]): Problem[] => {
            const secret = secrets.receivers[name];
            const message =
                secret === undefined
                    ? `is required: monitoring.routing.receivers has ${name}, of kind ${receiver.kind}`
                    : secretProblem(receiver, secret);
            return message === undefined ? [] : [{ path: path(name), message, related }];
        }),
        ...Object.keys(secrets.receivers)
            .filter((name) => !wanted.has(name))
            .map((name) => ({
                path: path(name),
                message: "must be absent: no receiver of that name has a secret",
                related,
            })),
    ];
}

/** The heartbeat has an address, and the address a heartbeat. */
export function heartbeatUrl({ monitoring, secrets }: Config): Problem[] {
    const wanted = monitoring.routing.heartbeat !== undefined;
    return wanted === (secrets.heartbeatUrl !== undefined)
        ? []
        : [
              {
                  path: ["secrets", "heartbeatUrl"],
                  message: wanted
                      ? "is required with monitoring.routing.heartbeat"
                      : "must be absent without monitoring.routing.heartbeat",
                  related: [["monitoring", "routing", "heartbeat"]],
              },
          ];
}

/** A night has a length. */
export function quietHoursLast({ monitoring }: Config): Problem[] {
    const { from, to } = monitoring.routing.quietHours;
    return from === to
        ? [
              {
                  path: ["monitoring", "routing", "quietHours", "to"],
                  message: "must be another time than from",
                  related: [["monitoring", "routing", "quietHours", "from"]],
              },
          ]
        : [];
}

/** Alerts are routed by the Alertmanager that is installed, and published to a topic that is made. */
export function routingHasAlertmanager(config: Config): Problem[] {
    const { receivers, heartbeat } = config.monitoring.routing;
    const related = [
        ["monitoring", "enabled"],
        ["cluster", "kind"],
    ];
    if (!installsMonitoring(config)) {
        return [
            ...(receivers.length > 0 ? [receiversPath] : []),
            ...(heartbeat ? [["monitoring", "routing", "heartbeat"]] : []),
        ].map((path) => ({
            path,
            message: "must be absent where monitoring is not installed: its Alertmanager tells nobody",
            related,
        }));
    }
    return receivers.flatMap(({ kind }, index) =>
        kind === "sns" && config.cluster.kind !== "eks"
            ? [
                  {
                      path: [...receiversPath, index, "kind"],
                      message: "must not be sns unless cluster.kind is eks: only there a topic is made",
                      related,
                  },
              ]
            : [],
    );
}
