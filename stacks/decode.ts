/**
 * The value of a key as Pulumi writes it: structured values come as JSON, and the CLI puts plain ones into quotes when it
 * rewrites a stack file.
 */
export function decode(text: string): unknown {
    if (!/^(?:[[{]|true$|false$)/.test(text)) return text;
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}
