import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";

/** A metric as an expression selects it. */
export interface Selection {
    readonly metric: string;
    /** Labels it is selected by. */
    readonly matchers: readonly string[];
}

/** What an expression reads. */
export interface PromqlExpression {
    /** Places the parser could not make sense of. */
    readonly errors: readonly string[];
    readonly selections: readonly Selection[];
    /** Labels of `by`, `on` and `group_left`. */
    readonly grouping: readonly string[];
    /** Labels that `label_replace` makes. */
    readonly made: readonly string[];
}

function descendants(node: SyntaxNode, name: string): SyntaxNode[] {
    const found: SyntaxNode[] = [];
    node.cursor().iterate((each) => {
        if (each.name === name) found.push(each.node);
    });
    return found;
}

/** Takes an expression apart by Prometheus' own grammar. */
export function parsePromql(expr: string): PromqlExpression {
    const { topNode } = parser.parse(expr);
    const text = ({ from, to }: { from: number; to: number }) => expr.slice(from, to);
    const errors: string[] = [];
    topNode.cursor().iterate((each) => {
        if (each.type.isError)
            errors.push(`at ${each.from}: ${expr.slice(Math.max(0, each.from - 20), each.to + 20)}`);
    });
    return {
        errors,
        selections: descendants(topNode, "VectorSelector").map((selector) => ({
            metric: text(selector.getChild("Identifier") ?? { from: 0, to: 0 }),
            matchers: descendants(selector, "LabelName").map(text),
        })),
        grouping: descendants(topNode, "GroupingLabels").flatMap((each) =>
            descendants(each, "LabelName").map(text),
        ),
        made: descendants(topNode, "FunctionCall")
            .filter((call) => call.getChild("FunctionIdentifier")?.firstChild?.name === "LabelReplace")
            .map((call) => descendants(call, "StringLiteral").map(text).at(-4)?.slice(1, -1) ?? ""),
    };
}
