/** The last part of a URN: the resource's name. Empty for no URN. */
export function nameOf(urn = ""): string {
    return urn.split("::").at(-1) ?? "";
}
