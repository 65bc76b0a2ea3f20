import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
// Types only, here and in the other files: besides `dashboard` and `common` the modules take longer to load than the
// dashboards to build.
import type { MetricsQuery } from "@grafana/grafana-foundation-sdk/cloudwatch";
import type { Dataquery as PrometheusQuery } from "@grafana/grafana-foundation-sdk/prometheus";

import { cloudWatchSource, prometheusSource } from "../../platform/monitoring/dataSources.ts";

/** A query, without the letter that names it within its panel. */
export type Target = (refId: string) => Builder<Dataquery>;

/** The values of an enum, which is not loaded. */
type Plain<T> = T extends string
    ? `${T}`
    : T extends number
      ? `${T}` extends `${infer N extends number}`
          ? N
          : never
      : T;
type PlainQuery<Query> = { [Key in keyof Omit<Query, keyof Dataquery>]: Plain<Query[Key]> };

function target<Query extends Dataquery>(query: PlainQuery<Query>): Target {
    return (refId) => ({ build: () => ({ ...query, refId }) as unknown as Query });
}

/** A PromQL expression over the dashboard's time. `legend` names its series, with `{{label}}` for a label's value. */
export function range(expr: string, legend: string): Target {
    return target<PrometheusQuery>({
        datasource: prometheusSource,
        editorMode: "code",
        expr,
        legendFormat: legend,
        range: true,
    });
}

/** A PromQL expression at the end of the dashboard's time. */
export function instant(expr: string): Target {
    return target<PrometheusQuery>({
        datasource: prometheusSource,
        editorMode: "code",
        expr,
        instant: true,
        range: false,
    });
}

/** The same as a table: a row for each series, a column for each label. */
export function rows(expr: string): Target {
    return target<PrometheusQuery>({
        datasource: prometheusSource,
        editorMode: "code",
        expr,
        format: "table",
        instant: true,
        range: false,
    });
}

/** A metric of an AWS service. */
export interface CloudWatchMetric {
    /** Such as `AWS/RDS`. */
    readonly namespace: string;
    readonly metric: string;
    /** `Sum`, `Average`, `Minimum`, `Maximum` or a percentile such as `p95`. */
    readonly statistic: string;
    /** All of the metric's dimensions; `*` stands for each value there is. */
    readonly dimensions: Readonly<Record<string, string>>;
    /** Name of the series, with `${PROP('Dim.X')}` for a dimension's value. */
    readonly legend: string;
    /** Seconds that each point covers. Default: follows the dashboard's time, a minute up to a day and a half. */
    readonly period?: number | undefined;
}

/** One metric of CloudWatch, a series for each combination of its dimensions. */
export function cloudWatch({ metric, dimensions, legend, period, ...rest }: CloudWatchMetric): Target {
    return target<MetricsQuery>({
        datasource: cloudWatchSource,
        queryMode: "Metrics",
        metricQueryType: 0,
        metricEditorMode: 0,
        id: "",
        region: "default",
        ...rest,
        metricName: metric,
        dimensions: { ...dimensions },
        matchExact: true,
        period: period === undefined ? "auto" : String(period),
        label: legend,
        expression: "",
    });
}
