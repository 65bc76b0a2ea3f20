/** A statement of a policy document. */
export interface DocumentStatement {
    Effect: "Allow" | "Deny";
    Action?: string | string[];
    Resource?: string | string[];
    Principal?: unknown;
    Condition?: Record<string, Record<string, unknown>>;
}

/** The statements of a policy document, given as text or as an object. */
export function statements(document: unknown): DocumentStatement[] {
    const parsed = (typeof document === "string" ? JSON.parse(document) : document) as
        { Statement?: DocumentStatement | DocumentStatement[] } | undefined;
    return [parsed?.Statement ?? []].flat();
}

/** A single value or a list as a list. */
export function listed(value: string | string[] | undefined): string[] {
    return value === undefined ? [] : [value].flat();
}
