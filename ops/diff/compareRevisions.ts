import { changesOfPlans } from "../changes/fromPlans.ts";
import type { ChangeSet } from "../changes/model.ts";
import type { Plan } from "../plan/model.ts";
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

interface Side {
    plans: Map<string, Plan>;
    /** Stacks to compare: the ones that are asked for, or every one that has a file in either revision. */
    compared: readonly string[];
    note: string | undefined;
}

async function planBase({ folder, base, stacks, signal }: CompareArgs): Promise<Side> {
    const revision = await checkOut(folder, base);
    try {
        const known = [...new Set([...stackNames(folder), ...stackNames(revision.folder)])].sort();
        for (const stack of stacks) {
            if (known.includes(stack)) continue;
            throw new StackFileError(`There is no stack "${stack}"; there are: ${known.join(", ")}.`);
        }
        const compared = stacks.length > 0 ? stacks : known;
        const title = `Revision ${revision.commit.slice(0, 12)}`;
        const plans = await planRevision({ folder: revision.folder, title, stacks: compared, signal });
        return { plans, compared, note: packagesNote(revision.folder, folder) };
    } finally {
        await revision.remove();
    }
}

/** What the work tree changes in each stack, against the commit where it left `base`. Needs no credentials. */
export async function compareRevisions(args: CompareArgs): Promise<ChangeSet[]> {
    const { folder, stacks } = args;
    const failure = new AbortController();
    const signal = AbortSignal.any([args.signal, failure.signal]);
    // The work tree is planned while git writes the other revision.
    const [base, workTree] = await Promise.allSettled([
        planBase({ ...args, signal }).catch((error: unknown) => {
            failure.abort();
            throw error;
        }),
        planRevision({
            folder,
            title: "The work tree",
            stacks: stacks.length > 0 ? stacks : stackNames(folder),
            signal,
        }),
    ]);
    if (base.status === "rejected") throw base.reason;
    if (workTree.status === "rejected") throw workTree.reason;
    const { plans, compared, note } = base.value;
    return compared.map((stack) => {
        const changes = changesOfPlans(plans.get(stack), workTree.value.get(stack));
        return note === undefined ? changes : { ...changes, notes: [...changes.notes, note] };
    });
}
