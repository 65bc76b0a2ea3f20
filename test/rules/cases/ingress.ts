import { backend, type InputSeries, type RuleCase } from "../support/ruleCase.ts";

const labels = { namespace: "spywatcher" };

/** Requests a minute by status. */
function requests(byStatus: Record<string, string | number>, route = "/api/guilds"): InputSeries[] {
    return Object.entries(byStatus).map(([status_code, perMinute]) =>
        backend(
            "http_requests_total",
            { method: "GET", route, status_code },
            typeof perMinute === "number" ? `0+${perMinute}x120` : perMinute,
        ),
    );
}

/** Requests a minute that took up to each bound; also counted as requests. */
function durations(upTo: Record<string, number>, route = "/api/guilds"): InputSeries[] {
    const all = upTo["+Inf"] ?? 0;
    const request = { method: "GET", route, status_code: "200" };
    return [
        ...requests({ 200: all }, route),
        ...Object.entries(upTo).map(([le, perMinute]) =>
            backend("http_request_duration_seconds_bucket", { ...request, le }, `0+${perMinute}x120`),
        ),
        backend("http_request_duration_seconds_count", request, `0+${all}x120`),
    ];
}

export const ingressCases: readonly RuleCase[] = [
    {
        alert: "High5xxErrorRate",
        when: "6 % of the requests fail",
        series: requests({ 200: 94, 500: 3, 503: 3 }),
        fires: {
            atMinute: 6,
            labels,
            description: "6% of the requests to the API in spywatcher are answered with a server error.",
        },
    },
    {
        alert: "High5xxErrorRate",
        when: "15 requests a minute come, and most of them fail",
        series: requests({ 200: 6, 500: 9 }),
        fires: {
            // The rate of a counter that begins at 0 is reached after 5 minutes.
            atMinute: 10,
            labels,
            description: "60% of the requests to the API in spywatcher are answered with a server error.",
        },
    },
    {
        alert: "High5xxErrorRate",
        when: "5 % of the requests fail",
        series: requests({ 200: 95, 500: 5 }),
        silentMinutes: 60,
    },
    {
        alert: "High5xxErrorRate",
        when: "there is no traffic at night, which is 0 divided by 0",
        series: requests({ 200: 0, 500: 0 }),
        silentMinutes: 60,
    },
    {
        alert: "High5xxErrorRate",
        when: "12 requests a minute come at night, and half of them fail",
        series: requests({ 200: 6, 500: 6 }),
        silentMinutes: 60,
    },
    {
        alert: "High5xxErrorRate",
        when: "clients ask for what is not there or not theirs",
        series: requests({ 200: 10, 403: 40, 404: 50 }),
        silentMinutes: 60,
    },
    {
        alert: "High5xxErrorRate",
        when: "probes fail while an outage of Discord makes pods unready",
        series: [...requests({ 200: 60 }), ...requests({ 503: 48 }, "/ready")],
        silentMinutes: 60,
    },
    {
        alert: "High5xxErrorRate",
        when: "a burst of errors is over at once",
        series: requests({ 200: 60, 500: "0x9 20x60" }),
        silentMinutes: 60,
    },
    {
        alert: "HighResponseTime",
        when: "5 % of the requests take longer than 2.1 s",
        series: durations({ "0.5": 300, 1: 400, 2: 569, 5: 600, "+Inf": 600 }),
        fires: {
            atMinute: 11,
            labels,
            description: "5 % of the requests to the API in spywatcher take longer than 2.097s.",
        },
    },
    {
        alert: "HighResponseTime",
        when: "15 requests a minute come, and all are slow",
        series: durations({ "0.5": 0, 1: 0, 2: 0, 5: 15, "+Inf": 15 }),
        fires: {
            atMinute: 15,
            labels,
            description: "5 % of the requests to the API in spywatcher take longer than 4.85s.",
        },
    },
    {
        alert: "HighResponseTime",
        when: "all requests of every fourth minute are slow",
        series: [
            ...requests({ 200: 60 }),
            ...["1", "2", "5", "+Inf"].map((le, index) =>
                backend(
                    "http_request_duration_seconds_bucket",
                    { method: "GET", route: "/api/guilds", status_code: "200", le },
                    Array.from(
                        { length: 61 },
                        (_, minute) => 60 * (index < 2 ? minute - Math.floor(minute / 4) : minute),
                    ).join(" "),
                ),
            ),
        ],
        fires: {
            atMinute: 14,
            labels,
            description: "5 % of the requests to the API in spywatcher take longer than 4.4s.",
        },
    },
    {
        alert: "HighResponseTime",
        when: "95 % of the requests take up to 2 s",
        series: durations({ "0.5": 300, 1: 400, 2: 570, 5: 600, "+Inf": 600 }),
        silentMinutes: 60,
    },
    {
        alert: "HighResponseTime",
        when: "there is no traffic at night",
        series: durations({ "0.5": 0, 1: 0, 2: 0, 5: 0, "+Inf": 0 }),
        silentMinutes: 60,
    },
    {
        alert: "HighResponseTime",
        when: "12 requests a minute come at night, and all are slow",
        series: durations({ "0.5": 0, 1: 0, 2: 0, 5: 12, "+Inf": 12 }),
        silentMinutes: 60,
    },
    {
        alert: "HighResponseTime",
        when: "probes are slow and requests are not",
        series: [
            ...durations({ "0.5": 60, 1: 60, 2: 60, 5: 60, "+Inf": 60 }),
            ...durations({ "0.5": 0, 1: 0, 2: 0, 5: 48, "+Inf": 48 }, "/ready"),
        ],
        silentMinutes: 60,
    },
    {
        alert: "HighResponseTime",
        when: "requests are slow for 4 minutes",
        series: [
            ...requests({ 200: 60 }),
            ...["1", "2", "5", "+Inf"].map((le, index) =>
                backend(
                    "http_request_duration_seconds_bucket",
                    { method: "GET", route: "/api/guilds", status_code: "200", le },
                    index < 2 ? "0+60x10 600x4 660+60x60" : "0+60x80",
                ),
            ),
        ],
        silentMinutes: 60,
    },
];
