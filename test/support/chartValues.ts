/** The paths of values, with `/` between keys, down to leaves and to the paths in `known`, whose content is free. Sorted. */
export function valuePaths(values: unknown, known: readonly string[], path = ""): string[] {
    const isObject = typeof values === "object" && values !== null && !Array.isArray(values);
    if (known.includes(path) || !isObject) return [path];
    return Object.entries(values)
        .flatMap(([key, value]) => valuePaths(value, known, path === "" ? key : `${path}/${key}`))
        .sort();
}
