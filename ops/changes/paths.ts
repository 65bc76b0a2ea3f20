/** The steps of a property path of the engine, as in `metadata.labels["app.kubernetes.io/name"]` or `ports[0].port`. */
export function pathSteps(path: string): (string | number)[] {
    const steps: (string | number)[] = [];
    for (const [, quoted, index, plain] of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)) {
        if (quoted !== undefined) steps.push(quoted.replaceAll(/\\(.)/g, "$1"));
        else if (index !== undefined) steps.push(Number(index));
        else if (plain !== undefined) steps.push(plain);
    }
    return steps;
}

/** The path of some steps, as the engine writes it. */
export function formatPath(steps: readonly (string | number)[]): string {
    return steps
        .map((step, position) => {
            if (typeof step === "number") return `[${step}]`;
            if (/[.[\]"]/.test(step) || step === "") return `[${JSON.stringify(step)}]`;
            return position === 0 ? step : `.${step}`;
        })
        .join("");
}

/** True when a path is, or lies within, what `prefix` names. */
export function isWithin(path: string, prefix: string): boolean {
    const steps = pathSteps(path);
    return pathSteps(prefix).every((step, index) => steps[index] === step);
}
