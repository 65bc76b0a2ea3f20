import { type ChartName, charts } from "../versions.ts";
import { type ChartValues, withValues } from "./reservedValues.ts";

/** Where a chart comes from instead of its publisher, a mirror or a folder, and what else is set in it. */
export interface ChartOverride {
    /** Name in the repository, an `oci://` address, or the path of a folder. Default: the publisher's. */
    readonly chart?: string | undefined;
    /** Address of a repository with an index; not for `oci://` addresses and paths. Default: the publisher's. */
    readonly repository?: string | undefined;
    /** Exact version. Default: the one pinned in `infra/versions.ts`. */
    readonly version?: string | undefined;
    /** Values beside the program's; none of `reservedValues`. Default: none. */
    readonly values?: ChartValues | undefined;
}

/** Overrides by chart. */
export type ChartOverrides = Readonly<Partial<Record<ChartName, ChartOverride | undefined>>>;

/** The arguments of a `helm.v3.Release` that say which chart in which version, from where, and with which values. */
export function chartArgs(name: ChartName, values: ChartValues, overrides: ChartOverrides = {}) {
    const published: ChartOverride & { version: string; chart: string } = charts[name];
    const override = overrides[name] ?? {};
    const chart = override.chart ?? published.chart;
    const isAddress = chart.startsWith("oci://") || chart.startsWith(".") || chart.startsWith("/");
    const repository = override.repository ?? (isAddress ? undefined : published.repository);
    return {
        chart,
        version: override.version ?? published.version,
        ...(repository !== undefined && { repositoryOpts: { repo: repository } }),
        values: withValues(values, override.values ?? {}),
    };
}
