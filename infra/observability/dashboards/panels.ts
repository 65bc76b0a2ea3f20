import {
    BigValueColorMode,
    BigValueGraphMode,
    BigValueJustifyMode,
    BigValueTextMode,
    GraphDrawStyle,
    GraphThresholdsStyleMode,
    LegendDisplayMode,
    LegendPlacement,
    PercentChangeColorMode,
    SortOrder,
    StackingMode,
    TooltipDisplayMode,
    VisibilityMode,
    VizOrientation,
} from "@grafana/grafana-foundation-sdk/common";
import {
    MappingType,
    PanelBuilder,
    type Threshold,
    ThresholdsConfigBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type * as stat from "@grafana/grafana-foundation-sdk/stat";
import type * as stateTimeline from "@grafana/grafana-foundation-sdk/statetimeline";
import type * as table from "@grafana/grafana-foundation-sdk/table";
import type * as timeSeries from "@grafana/grafana-foundation-sdk/timeseries";

import type { Target } from "./targets.ts";

/** Where good ends; both in the panel's unit. */
export type Limit = { readonly above: number } | { readonly below: number };

export interface PanelArgs {
    readonly title: string;
    /** What is shown and what it means when it looks bad. */
    readonly description: string;
    readonly targets: readonly Target[];
    /** Columns of the 24; those of a row of panels add up to 24. Default: 8. */
    readonly width?: number;
    /** Rows of about 30 pixels; the same in a row of panels. Default: 8, of a number 4. */
    readonly height?: number;
}

interface ValueArgs extends PanelArgs {
    /** Unit, as Grafana names it, such as `percentunit`, `s`, `reqps`, `bytes`, `short`. */
    readonly unit: string;
    /** Default: no value is bad. */
    readonly limit?: Limit | undefined;
    /** What stands there without data. Default: Grafana's "No data". */
    readonly noValue?: string;
}

/** Names of the alphabet, by which Grafana tells a panel's queries apart. */
const refId = (index: number) => String.fromCharCode("A".charCodeAt(0) + index);

function panel(
    type: string,
    { title, description, targets, width = 8, height = 8 }: PanelArgs,
): PanelBuilder {
    return new PanelBuilder()
        .type(type)
        .title(title)
        .description(description)
        .span(width)
        .height(height)
        .targets(targets.map((target, index) => target(refId(index))));
}

function steps(limit: Limit | undefined): Threshold[] {
    if (limit === undefined) return [{ value: null, color: "green" }];
    return "above" in limit
        ? [
              { value: null, color: "green" },
              { value: limit.above, color: "red" },
          ]
        : [
              { value: null, color: "red" },
              { value: limit.below, color: "green" },
          ];
}

function valuePanel(type: string, args: ValueArgs): PanelBuilder {
    const made = panel(type, args)
        .unit(args.unit)
        .thresholds(new ThresholdsConfigBuilder().steps(steps(args.limit)));
    return args.noValue === undefined ? made : made.noValue(args.noValue);
}

const legend = (displayMode: LegendDisplayMode, calcs: string[]) => ({
    displayMode,
    placement: LegendPlacement.Bottom,
    showLegend: true,
    calcs,
});

/** Lines over time; the limit is a dashed line. */
export function graph(
    args: ValueArgs & {
        /** Bars for what is counted in a window. Default: lines. */
        readonly bars?: boolean;
        /** Put one upon the other what adds up. Default: false. */
        readonly stacked?: boolean;
        /** Largest value there can be. Default: what is there. */
        readonly max?: number;
    },
): PanelBuilder {
    const custom: timeSeries.FieldConfig = {
        drawStyle: args.bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line,
        lineWidth: args.bars ? 0 : 1,
        fillOpacity: args.bars ? 80 : args.stacked ? 30 : 5,
        showPoints: VisibilityMode.Never,
        stacking: { mode: args.stacked ? StackingMode.Normal : StackingMode.None, group: "A" },
        thresholdsStyle: {
            mode: args.limit ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off,
        },
    };
    const options: timeSeries.Options = {
        legend: legend(LegendDisplayMode.Table, ["lastNotNull", "max"]),
        tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending },
    };
    const made = valuePanel("timeseries", args).min(0).custom(custom).options(options);
    return args.max === undefined ? made : made.max(args.max);
}

/** One number for each series, coloured by the limit. */
export function number(args: ValueArgs & { readonly decimals?: number }): PanelBuilder {
    const options: stat.Options = {
        graphMode: BigValueGraphMode.None,
        colorMode: BigValueColorMode.Value,
        justifyMode: BigValueJustifyMode.Auto,
        textMode: BigValueTextMode.Auto,
        wideLayout: true,
        showPercentChange: false,
        percentChangeColorMode: PercentChangeColorMode.Standard,
        orientation: VizOrientation.Auto,
        reduceOptions: { calcs: ["lastNotNull"] },
    };
    const made = valuePanel("stat", { height: 4, ...args }).options(options);
    return args.decimals === undefined ? made : made.decimals(args.decimals);
}

/** Stripes of series that are 0 or 1, in words and colours. */
export function states(
    args: PanelArgs & {
        /** Word for 1 and for 0. */
        readonly words: readonly [string, string];
        /** The value that is bad. */
        readonly bad: 0 | 1;
    },
): PanelBuilder {
    const [one, zero] = args.words;
    const options: stateTimeline.Options = {
        showValue: VisibilityMode.Never,
        rowHeight: 0.9,
        mergeValues: true,
        legend: legend(LegendDisplayMode.List, []),
        tooltip: { mode: TooltipDisplayMode.Single, sort: SortOrder.None },
    };
    return panel("state-timeline", args)
        .unit("none")
        .mappings([
            {
                type: MappingType.ValueToText,
                options: {
                    1: { text: one, color: args.bad === 1 ? "orange" : "green", index: 0 },
                    0: { text: zero, color: args.bad === 0 ? "orange" : "green", index: 1 },
                },
            },
        ])
        .options(options);
}

/** A row for each series, with the named labels as columns. */
export function list(
    args: PanelArgs & {
        /** Labels in the order of their columns. */
        readonly columns: readonly string[];
        /** What stands there without data. */
        readonly noValue: string;
    },
): PanelBuilder {
    const options: table.Options = { frameIndex: 0, showHeader: true };
    return panel("table", args)
        .unit("none")
        .noValue(args.noValue)
        .options(options)
        .withTransformation({
            id: "filterFieldsByName",
            options: { include: { names: [...args.columns] } },
        })
        .withTransformation({
            id: "organize",
            options: { indexByName: Object.fromEntries(args.columns.map((name, index) => [name, index])) },
        });
}
