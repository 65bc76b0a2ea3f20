import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { OperationError, RevisionError } from "../errors.ts";

/** The files of a revision in a temporary folder. */
export interface Revision {
    /** The full id of the commit. */
    commit: string;
    folder: string;
    remove: () => Promise<void>;
}

async function git(
    folder: string,
    args: string[],
    env: Record<string, string> = {},
): Promise<string | undefined> {
    const { exitCode, stdout, code } = await execa("git", args, { cwd: folder, env, reject: false });
    if (code === "ENOENT") throw new OperationError("There is no git on PATH.");
    return exitCode === 0 ? stdout : undefined;
}

/** Where the project lies in its repository. */
async function repositoryOf(project: string): Promise<{ top: string; prefix: string }> {
    const top = await git(project, ["rev-parse", "--show-toplevel"]);
    const prefix = await git(project, ["rev-parse", "--show-prefix"]);
    if (top === undefined || prefix === undefined) {
        throw new OperationError(`${project} is not in a git repository: there is nothing to compare with.`);
    }
    return { top, prefix };
}

/** The commit in which the work began that is compared with `ref`: changes on the other branch since then are not ours. */
async function commonCommit(project: string, ref: string): Promise<string> {
    const commit = await git(project, [
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        `${ref}^{commit}`,
    ]);
    if (commit === undefined) {
        throw new RevisionError(
            `There is no revision "${ref}" here. Fetch it first; in a workflow, check out with \`fetch-depth: 0\`.`,
        );
    }
    return (await git(project, ["merge-base", "HEAD", commit])) ?? commit;
}

/**
 * Writes the project as it was in the revision into a temporary folder, with the packages that are installed here. Touches
 * neither the work tree nor the repository. Throws a RevisionError for a revision that is not here or lacks the project.
 */
export async function checkOut(project: string, ref: string): Promise<Revision> {
    const { top, prefix } = await repositoryOf(project);
    const commit = await commonCommit(project, ref);
    const folder = await mkdtemp(join(tmpdir(), "spywatcher-base-"));
    const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
    try {
        const index = { GIT_INDEX_FILE: join(folder, ".git-index") };
        const tree = `${commit}:${prefix}`;
        if ((await git(top, ["read-tree", tree], index)) === undefined) {
            throw new RevisionError(`Revision ${commit.slice(0, 12)} has no folder ${prefix}.`);
        }
        if ((await git(top, ["checkout-index", "--all", `--prefix=${folder}/`], index)) === undefined) {
            throw new OperationError(`git cannot write revision ${commit.slice(0, 12)} to ${folder}.`);
        }
        await symlink(join(project, "node_modules"), join(folder, "node_modules"), "junction");
    } catch (error) {
        await remove();
        throw error;
    }
    return { commit, folder, remove };
}
