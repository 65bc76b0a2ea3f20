import { type ChartName, charts } from "../versions.ts";
import { type ChartValues, withValues } from "./chartValues.ts";

/** Where a chart comes from instead of its publisher, a mirror or a folder, and what else is set in it. */
export interface ChartOverride {
    /** As `chartForm` tells apart. Default: the publisher's. */
    readonly chart?: string | undefined;
    /** Address of a repository with an index; for names only. Default: the publisher's. */
    readonly repository?: string | undefined;
    /** Exact version. Default: the one pinned in `infra/versions.ts`. */
    readonly version?: string | undefined;
    /** Values beside the program's; none of `reservedValues`. Default: none. */
    readonly values?: ChartValues | undefined;
}

/** Overrides by chart. */
export type ChartOverrides = Readonly<Partial<Record<ChartName, ChartOverride | undefined>>>;

/**
 * What the text is: an `oci://` address, the path of a folder or archive, which begins with `/`, `./` or `../`, or a name
 * in a repository. Undefined for anything else, such as `charts/name`, which Helm takes for one or the other as it finds it.
 */
export function chartForm(chart: string): "oci" | "path" | "name" | undefined {
    if (/^oci:\/\/[^/]+\/./.test(chart)) return "oci";
    if (/^\.{0,2}\/./.test(chart)) return "path";
    return /^[a-z0-9][a-z0-9._-]*$/.test(chart) ? "name" : undefined;
}

/** Charts that consist of definitions. */
const definitionCharts: readonly ChartName[] = ["karpenter-crd", "prometheus-operator-crds"];

/** Revisions of a release that Helm keeps, each a Secret with all its manifests. The provider's default is all of them. */
const keptRevisions = 5;

/**
 * The arguments that all releases have: which chart in which version, from where, with which values, and what becomes of an
 * upgrade. It is never `atomic`: what failed stays to be looked at, and the next `up` goes on from there.
 */
export function chartArgs(name: ChartName, values: ChartValues, overrides: ChartOverrides = {}) {
    const published: ChartOverride & { version: string; chart: string } = charts[name];
    const override = overrides[name] ?? {};
    const chart = override.chart ?? published.chart;
    const repository =
        chartForm(chart) === "name" ? (override.repository ?? published.repository) : undefined;
    return {
        chart,
        version: override.version ?? published.version,
        ...(repository !== undefined && { repositoryOpts: { repo: repository } }),
        maxHistory: keptRevisions,
        // What an upgrade has made before it failed goes again, but for definitions: with one go all its objects.
        cleanupOnFail: !definitionCharts.includes(name),
        values: withValues(values, override.values ?? {}),
    };
}
