/** Why resources of a type are replaced. */
export interface Replacements {
    /** Where it was read, in the provider's own source. */
    readonly source: string;
    /** Paths of the inputs that force a replacement when they, or anything within them, change. */
    readonly properties: readonly string[];
}
