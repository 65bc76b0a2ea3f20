import { numberAt, ofType, textAt } from "../plan/facts.ts";
import type { Plan } from "../plan/model.ts";
import type { Box } from "./model.ts";

function box(id: string, title: string, lines: string[]): Box[] {
    return lines.length === 0 ? [] : [{ id, kind: "support", title, lines }];
}

/** Keys, logs and queues: what serves everything else. */
export function support(plan: Plan): Box[] {
    const keys = ofType(plan, "aws:kms/key:Key").map(
        ({ name, inputs }) => textAt(inputs, "description") ?? name,
    );
    const logs = ofType(plan, "aws:cloudwatch/logGroup:LogGroup").map(({ name, inputs }) => {
        const days = numberAt(inputs, "retentionInDays");
        return `${textAt(inputs, "name") ?? name}, ${days === undefined ? "kept for ever" : `${days} days`}`;
    });
    const queues = ofType(plan, "aws:sqs/queue:Queue").map(
        ({ name, inputs }) => textAt(inputs, "name") ?? name,
    );
    const rules = ofType(plan, "aws:cloudwatch/eventRule:EventRule").length;
    return [
        ...box("keys", "KMS keys", keys),
        ...box("logs", "CloudWatch log groups", logs),
        ...box("queue", "SQS queue", queues.length === 0 ? [] : [...queues, `${rules} event rules`]),
    ];
}
