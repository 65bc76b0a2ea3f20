import { create } from "xmlbuilder2";

import { count } from "./formatFindings.ts";
import type { Finding } from "./model.ts";

export interface JunitArgs {
    /** Name of the stack. */
    stack: string;
    /** Seconds it took. */
    seconds: number;
    /** Warnings are failures. */
    strict: boolean;
}

/** Characters that XML 1.0 cannot hold, such as the escapes of a terminal's colours in an error message. */
const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** The findings as JUnit's XML: a test case for each, in the class of its check. */
export function junit(findings: readonly Finding[], { stack, seconds, strict }: JunitArgs): string {
    const { fail, warn, skip } = count(findings);
    const suite = create({ version: "1.0", encoding: "UTF-8" })
        .ele("testsuites")
        .ele("testsuite", {
            name: `validate ${stack}`,
            tests: findings.length,
            failures: fail + (strict ? warn : 0),
            skipped: skip,
            time: seconds.toFixed(3),
        });
    for (const { check, object, status, message, remedy } of findings) {
        const test = suite.ele("testcase", { classname: `validate.${check}`, name: object });
        const text = message.replaceAll(forbidden, "");
        if (status === "fail" || (status === "warn" && strict)) {
            test.ele("failure", { type: status, message: text }).txt(remedy ?? "");
        } else if (status === "skip") test.ele("skipped", { message: text });
        else if (status === "warn") test.ele("system-out").txt(`warning: ${text}\n${remedy ?? ""}`);
    }
    return suite.end({ prettyPrint: true });
}
