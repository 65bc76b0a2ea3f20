import { type Receiver, receiverConfig, secretFile, type Topic } from "./receivers.ts";

/** Severities of alerts, the gravest first. Ours are `critical` and `warning`; the chart's rules have all three. */
export const severities = ["critical", "warning", "info"] as const;

export type AlertSeverity = (typeof severities)[number];

/** When nobody is told of what is not critical. */
export interface QuietHours {
    /** Time zone of IANA's database, such as `Europe/Berlin`. */
    readonly timeZone: string;
    /** `HH:MM` at which the night begins. */
    readonly from: string;
    /** `HH:MM` at which the night ends: the next day, when it is before `from`. */
    readonly to: string;
    /** Saturdays and Sundays as well. */
    readonly weekends: boolean;
}

export interface AlertRouting {
    readonly receivers: readonly Receiver[];
    /** Names of the receivers of each severity. With none, alerts of the severity show in Alertmanager alone. */
    readonly routes: Readonly<Record<AlertSeverity, readonly string[]>>;
    /** Tells a monitor outside, again and again, that alerts arrive. Default: nobody misses them. */
    readonly heartbeat?: { readonly everyMinutes: number } | undefined;
    /** Default: none. */
    readonly quietHours?: QuietHours | undefined;
}

/** Name of Alertmanager's receiver that tells nobody. */
export const nobody = "nobody";

/** Name of Alertmanager's receiver, and of the file with its URL, that is told that alerts arrive. */
export const heartbeat = "heartbeat";

/** An alert of kube-prometheus-stack that always fires. */
const watchdog = "Watchdog";

/** An alert of kube-prometheus-stack that stands for the cluster as a whole. */
const clusterDown = "KubeAPIDown";

/** What users feel is told even when the cluster is down: it may go on serving. */
const feltByUsers = "High5xxErrorRate|(Availability|Latency)BudgetBurn(Fast|Medium)";

/** Labels beside the namespace that name what an alert is about: an object, or an objective that users miss. */
const subjectLabels = [
    "deployment",
    "statefulset",
    "daemonset",
    "horizontalpodautoscaler",
    "persistentvolumeclaim",
    "slo",
] as const;

const quiet = "quiet-hours";

/** Time until an alert that goes on is told of again. */
const repeatIntervals: Readonly<Record<AlertSeverity, string>> = {
    critical: "1h",
    warning: "12h",
    info: "24h",
};

function quietIntervals({ timeZone, from, to, weekends }: QuietHours) {
    const range = (start: string, end: string) => ({ start_time: start, end_time: end });
    // A range cannot go beyond midnight, nor be empty.
    const morning = to === "00:00" ? [] : [range("00:00", to)];
    const times = from < to ? [range(from, to)] : [range(from, "24:00"), ...morning];
    return [
        {
            name: quiet,
            time_intervals: [
                { times, location: timeZone },
                ...(weekends ? [{ weekdays: ["saturday", "sunday"], location: timeZone }] : []),
            ],
        },
    ];
}

function severityRoutes(
    { routes, quietHours }: AlertRouting,
    severity: AlertSeverity,
    matchers: readonly string[],
) {
    const names = routes[severity].length > 0 ? routes[severity] : [nobody];
    return names.map((receiver, index) => ({
        receiver,
        matchers: [...matchers],
        // On to the next receiver of the same severity.
        continue: index < names.length - 1,
        repeat_interval: repeatIntervals[severity],
        // Not inherited from the route above, so each route has it.
        ...(quietHours !== undefined &&
            severity !== "critical" && {
                mute_time_intervals: [quiet],
            }),
    }));
}

/** What silences what. The chart's own rules are a list, which this one replaces. */
const inhibitRules = [
    ...["alertname", ...subjectLabels].map((label) => ({
        // Without the label both would have the same, empty one.
        source_matchers: ['severity = "critical"', `${label} != ""`],
        target_matchers: ['severity =~ "warning|info"'],
        equal: ["namespace", label],
    })),
    // The same errors over a longer time. A slower alert that outlasts the faster one is told then.
    ...[
        ["High5xxErrorRate", "Fast|Medium"],
        ["(Availability|Latency)BudgetBurnFast", "Medium"],
    ].map(([faster, slower]) => ({
        source_matchers: [`alertname =~ "${faster}"`],
        target_matchers: [`alertname =~ "(Availability|Latency)BudgetBurn(${slower})"`],
        equal: ["namespace", "slo"],
    })),
    {
        source_matchers: [`alertname = "${clusterDown}"`],
        target_matchers: [`alertname !~ "${clusterDown}|${watchdog}|${feltByUsers}"`],
    },
    // An alert for information shows only beside one of the same namespace that is more.
    {
        source_matchers: ['alertname = "InfoInhibitor"'],
        target_matchers: ['severity = "info"'],
        equal: ["namespace"],
    },
];

/** The configuration of Alertmanager, in its own terms. Holds no secret, only the paths of files with them. */
export function alertmanagerConfig(routing: AlertRouting, topic?: Topic) {
    const beats = routing.heartbeat;
    return {
        route: {
            receiver: nobody,
            // One message for each alert and subject, however many pods it is about: a title names one alert. That one fault
            // is not told by several alerts is what the inhibition below is for.
            group_by: ["alertname", "namespace", ...subjectLabels],
            // Time to wait for others of a new group, and until a change of a group is told.
            group_wait: "30s",
            group_interval: "5m",
            repeat_interval: repeatIntervals.warning,
            routes: [
                {
                    receiver: beats ? heartbeat : nobody,
                    matchers: [`alertname = "${watchdog}"`],
                    ...(beats && {
                        group_wait: "0s",
                        group_interval: "1m",
                        repeat_interval: `${beats.everyMinutes}m`,
                    }),
                },
                { receiver: nobody, matchers: ['alertname = "InfoInhibitor"'] },
                ...severityRoutes(routing, "critical", ['severity = "critical"']),
                ...severityRoutes(routing, "info", ['severity = "info"']),
                // Whatever else an alert's severity is, somebody is told of it.
                ...severityRoutes(routing, "warning", []),
            ],
        },
        inhibit_rules: inhibitRules,
        receivers: [
            { name: nobody },
            ...(beats
                ? [
                      {
                          name: heartbeat,
                          webhook_configs: [{ send_resolved: false, url_file: secretFile(heartbeat) }],
                      },
                  ]
                : []),
            ...routing.receivers.map((receiver) => receiverConfig(receiver, topic)),
        ],
        ...(routing.quietHours && { time_intervals: quietIntervals(routing.quietHours) }),
    };
}
