import type { ChangeSet } from "../changes/model.ts";
import { bodyOf } from "./artifact.ts";
import { commentMarker } from "./body.ts";
import { postComment } from "./github.ts";
import { commentTarget, type TargetOptions } from "./target.ts";

/** Puts one comment for each set of changes on the pull request. Throws a CommentError. */
export async function postAll(
    changes: readonly ChangeSet[],
    options: TargetOptions,
    signal: AbortSignal,
    report: (line: string) => void,
): Promise<void> {
    const target = commentTarget(options, process.env);
    for (const each of changes) {
        const { project, stack } = each;
        const { action, url } = await postComment(target, commentMarker(project, stack), bodyOf(each), {
            signal,
        });
        report(`${project}/${stack}: comment ${action}, ${url}`);
    }
}
