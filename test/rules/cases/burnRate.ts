import { backend, type InputSeries, type RuleCase } from "../support/ruleCase.ts";

/** One pair of windows of the error budget alerts, in minutes. */
interface Pair {
    readonly speed: string;
    readonly factor: number;
    readonly long: number;
    /** The alert's long window, which `long` may be a part of. */
    readonly window: number;
    readonly short: number;
    readonly for: number;
    readonly stepMinutes: number;
    /** End of the description. */
    readonly text: string;
}

const pairs: readonly Pair[] = [
    {
        speed: "Fast",
        factor: 14.4,
        long: 60,
        window: 60,
        short: 5,
        for: 2,
        stepMinutes: 1,
        text: "within 1h: 2 % of the month's budget in an hour, or more.",
    },
    {
        speed: "Medium",
        factor: 6,
        long: 360,
        window: 360,
        short: 30,
        for: 15,
        stepMinutes: 1,
        text: "within 6h: 5 % of the month's budget in 6 hours, or more.",
    },
    {
        speed: "Slow",
        factor: 1,
        // A day of history is as good as three: the average is over what there is.
        long: 1440,
        window: 4320,
        short: 360,
        for: 60,
        stepMinutes: 2,
        text: "within 3d: 10 % of the month's budget in 3 days, or more.",
    },
];

type Phase = readonly [minutes: number, badShare: number];

/** The values of a counter that grows by `perMinute` times the share of each phase. */
function counter(
    perMinute: number,
    stepMinutes: number,
    phases: readonly Phase[],
    share: (bad: number) => number,
): string {
    let total = 0;
    const steps = phases.flatMap(([minutes, bad]) =>
        Array.from({ length: minutes / stepMinutes }, () => (total += perMinute * stepMinutes * share(bad))),
    );
    return [0, ...steps].join(" ");
}

interface Sli {
    readonly what: string;
    readonly budget: number;
    readonly failure: string;
    series(perMinute: number, stepMinutes: number, phases: readonly Phase[]): InputSeries[];
}

const request = { method: "GET", route: "/api/guilds" };

const slis: readonly Sli[] = [
    {
        what: "Availability",
        budget: 0.005,
        failure: "failed",
        series: (perMinute, stepMinutes, phases) => [
            backend(
                "http_requests_total",
                { ...request, status_code: "200" },
                counter(perMinute, stepMinutes, phases, (bad) => 1 - bad),
            ),
            backend(
                "http_requests_total",
                { ...request, status_code: "500" },
                counter(perMinute, stepMinutes, phases, (bad) => bad),
            ),
        ],
    },
    {
        what: "Latency",
        budget: 0.01,
        failure: "took longer than 2 s",
        series: (perMinute, stepMinutes, phases) => {
            const ok = { ...request, status_code: "200" };
            const all = counter(perMinute, stepMinutes, phases, () => 1);
            const within = counter(perMinute, stepMinutes, phases, (bad) => 1 - bad);
            return [
                backend("http_requests_total", ok, all),
                backend("http_request_duration_seconds_count", ok, all),
                // Prometheus 3 stores 2.0, Prometheus 2 what the application writes.
                backend(
                    "http_request_duration_seconds_bucket",
                    { ...ok, le: stepMinutes === 1 ? "2.0" : "2" },
                    within,
                ),
            ];
        },
    },
];

function casesOf(sli: Sli, pair: Pair): RuleCase[] {
    const alert = `${sli.what}BudgetBurn${pair.speed}`;
    const limit = pair.factor * sli.budget;
    const { stepMinutes, long, short, window } = pair;
    const end = pair.for + 30;
    const percent = (share: number) => `${Number((share * 100).toPrecision(4))}%`;
    // The first rate needs two samples.
    const fires = (share: number, fromMinute = stepMinutes) => ({
        atMinute: pair.for + fromMinute,
        labels: { namespace: "spywatcher" },
        description: `${percent(share)} of the requests to the API in spywatcher ${sli.failure} ${pair.text}`,
    });
    const base = { alert, stepMinutes };
    const half = long / 2;
    return [
        {
            ...base,
            when: "the budget burns a tenth faster than the alert's limit",
            series: sli.series(1200, stepMinutes, [[end, limit * 1.1]]),
            fires: fires(limit * 1.1),
        },
        {
            ...base,
            when: `10.5 requests come in the window of ${window} minutes, and all of them are bad`,
            series: sli.series(10.5 / window, stepMinutes, [[200, 1]]),
            // Rates of counters that begin at 0 grow for 5 minutes, and their average reaches 10 in the window later.
            fires: fires(1, stepMinutes === 1 ? 43 : 34),
        },
        {
            ...base,
            when: `9.5 requests come in the window of ${window} minutes, and all of them are bad`,
            series: sli.series(9.5 / window, stepMinutes, [[200, 1]]),
            silentMinutes: 200,
        },
        {
            ...base,
            when: "there is no traffic at night",
            series: sli.series(0, stepMinutes, [[end, 0]]),
            silentMinutes: end,
        },
        {
            ...base,
            when: "the short window is above the limit and the long one is not",
            series: sli.series(1200, stepMinutes, [
                [half, limit * 0.9],
                [(half * 7) / 30, limit * 1.4],
                [short, limit * 0.9],
            ]),
            silentMinutes: half * 1.2,
        },
        {
            ...base,
            when: "the trouble is over and only the long window is above the limit",
            series: sli.series(1200, stepMinutes, [
                [short, limit * 3],
                [short + 40, limit * 0.9],
            ]),
            silentFrom: short * 2 + 6,
            silentMinutes: short * 2 + 40,
        },
    ];
}

export const burnRateCases: readonly RuleCase[] = slis.flatMap((sli) =>
    pairs.flatMap((pair) => casesOf(sli, pair)),
);
