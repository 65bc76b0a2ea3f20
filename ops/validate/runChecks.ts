import type { Client } from "./client.ts";
import type { Check, Context, Finding, Outcome } from "./model.ts";
import { ReadError, UnreachableError } from "./readError.ts";
import { takeSnapshot } from "./snapshot.ts";

/** The check that everything needs: it is done by reading at all. */
export const prerequisites = "prerequisites";

function outcomes(check: Check, context: Context, earlier: readonly Finding[]): Outcome[] {
    try {
        const found = check.run(context, earlier);
        if (found.length > 0) return found;
        return [{ object: "-", status: "skip", message: "the stack has nothing for it" }];
    } catch (error) {
        if (!(error instanceof ReadError)) throw error;
        return [{ object: "-", status: "fail", message: error.message, remedy: error.remedy }];
    }
}

/** Runs the checks one after the other on what was read. A check that needs a failed one is skipped. */
export function runChecks(checks: readonly Check[], context: Context): Finding[] {
    const findings: Finding[] = [];
    for (const check of checks) {
        const failed = (check.needs ?? []).filter((name) =>
            findings.some((each) => each.check === name && each.status === "fail"),
        );
        const found: Outcome[] =
            failed.length > 0
                ? [{ object: "-", status: "skip", message: `needs ${failed.join(" and ")}, which failed` }]
                : outcomes(check, context, findings);
        findings.push(...found.map((each) => ({ ...each, check: check.name })));
    }
    return findings;
}

export interface ValidateArgs extends Omit<Context, "cluster" | "now"> {
    checks: readonly Check[];
    client: Client;
    /** Name of the kubeconfig's context, for the messages. */
    contextName: string;
    /** Default: this computer's time. */
    now?: number;
}

export interface Validation {
    findings: Finding[];
    context: Context | undefined;
}

/** Reads the cluster once and runs the checks on it. A cluster that cannot be asked is a finding too. */
export async function validate(args: ValidateArgs): Promise<Validation> {
    const { checks, client, contextName, config, planned, now = Date.now() } = args;
    const object = `Context ${contextName}`;
    try {
        const cluster = await takeSnapshot(client, planned);
        const context = { config, planned, cluster, now };
        const message = `API server ${cluster.version} at ${client.server}`;
        const reachable: Finding = { check: prerequisites, object, status: "pass", message };
        return { findings: [reachable, ...runChecks(checks, context)], context };
    } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        const { message, remedy } = error;
        const skipped = checks.map(({ name }): Finding => {
            const reason = `needs ${prerequisites}, which failed`;
            return { check: name, object: "-", status: "skip", message: reason };
        });
        const failed: Finding = { check: prerequisites, object, status: "fail", message, remedy };
        return { findings: [failed, ...skipped], context: undefined };
    }
}
