import { changesOfPlans } from "../changes/fromPlans.ts";
import type { ChangeSet } from "../changes/model.ts";
import { StackFileError, stackNames } from "../stackFile.ts";
import { packagesNote } from "./packages.ts";
import { planRevision } from "./planRevision.ts";
import { checkOut } from "./revision.ts";

export interface CompareArgs {
    /** The project's folder; its files are compared as they are, committed or not. */
    folder: string;
    /** The revision to compare with. */
    base: string;
    /** Stacks to compare. Default: every one that has a file in either. */
    stacks: readonly string[];
    signal: AbortSignal;
}

/** What the work tree changes in each stack, against the commit where it left `base`. Needs no credentials. */
export async function compareRevisions({ folder, base, stacks, signal }: CompareArgs): Promise<ChangeSet[]> {
    const revision = await checkOut(folder, base);
    try {
        const known = [...new Set([...stackNames(folder), ...stackNames(revision.folder)])].sort();
        for (const stack of stacks) {
            if (known.includes(stack)) continue;
            throw new StackFileError(`There is no stack "${stack}"; there are: ${known.join(", ")}.`);
        }
        const compared = stacks.length > 0 ? stacks : known;
        const title = `Revision ${revision.commit.slice(0, 12)}`;
        const [before, after] = await Promise.all([
            planRevision({ folder: revision.folder, title, stacks: compared, signal }),
            planRevision({ folder, title: "The work tree", stacks: compared, signal }),
        ]);
        const note = packagesNote(revision.folder, folder);
        return compared.map((stack) => {
            const changes = changesOfPlans(before.get(stack), after.get(stack));
            return note === undefined ? changes : { ...changes, notes: [...changes.notes, note] };
        });
    } finally {
        await revision.remove();
    }
}
