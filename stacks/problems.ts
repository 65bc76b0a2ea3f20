/** One thing that is wrong with the configuration. */
export interface Problem {
    /** Keys from the top of the configuration, without `spywatcher:`. */
    path: readonly (string | number)[];
    /** What is wrong and what is allowed. */
    message: string;
    /** The key itself is wrong. Its value is not shown: it may be a secret in the wrong place. */
    unknownKey?: boolean;
    /** Further keys the problem depends on. */
    related?: readonly (readonly (string | number)[])[];
}

/** A path as Pulumi writes it: `spywatcher:app.hosts.api`, `spywatcher:network.loadBalancerCidrs[0]`. */
export function configPath(path: readonly (string | number)[]): string {
    return `spywatcher:${path
        .map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`))
        .join("")}`;
}

/** The value at a path of nested objects and arrays; undefined where there is none. */
export function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
    return path.reduce<unknown>(
        (value, key) =>
            typeof value === "object" && value !== null
                ? (value as Record<string | number, unknown>)[key]
                : undefined,
        root,
    );
}

/** How a value is shown to people: never a secret, never long. */
function shown(value: unknown, secret: boolean): string {
    if (secret) return typeof value === "string" ? `a secret of ${value.length} characters` : "a secret";
    const text = JSON.stringify(value);
    return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/**
 * One line a problem: the key, what is wrong and allowed, and the value that is there. Values below the keys in
 * `secretKeys` are not shown.
 */
export function formatProblem(
    problem: Problem,
    raw: unknown,
    secretKeys: readonly string[] = ["secrets"],
): string {
    const value = valueAt(raw, problem.path);
    const isShown =
        !problem.unknownKey && value !== undefined && (typeof value !== "object" || value === null);
    const is = isShown ? ` (is ${shown(value, secretKeys.includes(String(problem.path[0])))})` : "";
    return `${configPath(problem.path)}: ${problem.message}${is}`;
}

/** A plain secret in an environment that is meant to be reached from outside. */
export function plainSecretProblem(path: readonly string[]): Problem {
    const key = ["spywatcher:secrets", ...path.slice(1)].join(".");
    return {
        path,
        message: `must be encrypted: set it with \`pulumi config set --secret --path '${key}'\``,
    };
}

/** The configuration is wrong; the message lists every problem. */
export class ConfigError extends Error {
    readonly problems: readonly string[];

    constructor(problems: readonly string[]) {
        const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
        super(
            `The configuration has ${count}; nothing was changed.\n${problems.map((line) => `  ${line}`).join("\n")}`,
        );
        this.name = "ConfigError";
        this.problems = problems;
    }
}
