/** Values of a chart as a tree of keys. */
export type ChartValues = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is ChartValues {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Paths in `values` that are above, at, or below one of `reserved`. */
export function contradictions(values: ChartValues, reserved: readonly string[]): string[][] {
    const visit = (value: unknown, path: readonly string[]): string[][] => {
        const here = path.join("/");
        if (reserved.some((each) => here === each || here.startsWith(`${each}/`))) return [[...path]];
        const holds = path.length === 0 || reserved.some((each) => each.startsWith(`${here}/`));
        if (!holds) return [];
        if (!isTree(value)) return [[...path]];
        return Object.entries(value).flatMap(([key, each]) => visit(each, [...path, key]));
    };
    return visit(values, []);
}

/** The program's values and, where it sets none, those of the configuration. Expects no contradictions. */
export function withValues(own: ChartValues, added: ChartValues): Record<string, unknown> {
    const merged: Record<string, unknown> = { ...own };
    for (const [key, value] of Object.entries(added)) {
        const present = own[key];
        merged[key] = isTree(present) && isTree(value) ? withValues(present, value) : value;
    }
    return merged;
}
