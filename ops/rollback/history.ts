import type { UpdateSummary } from "@pulumi/pulumi/automation/index.js";

import { OperationError, OptionError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { type Images, imagesOf, imagesOfMessage, sameImages } from "./images.ts";

/** One update of a stack. */
export interface Deployment {
    /** Counted back from the last one, which is 1: a backend of files or buckets gives its updates no number. */
    number: number;
    /** When it began. */
    began: Date;
    succeeded: boolean;
    /** It was limited to some resources: nobody knows whether those with the images were among them. */
    limited: boolean;
    images: Images;
    /** Images that this update has taken away because they were bad; undefined when it was no rollback. */
    rolledBackFrom?: Images;
}

/**
 * The updates in a stack's history, newest first, up to where the stack was destroyed last. Updates whose images are not
 * told are left out.
 */
export function deploymentsOf(history: readonly UpdateSummary[]): Deployment[] {
    const destroyed = history.findIndex(({ kind }) => kind === "destroy");
    const since = destroyed < 0 ? history : history.slice(0, destroyed);
    return since
        .filter(({ kind, result }) => kind === "update" && (result === "succeeded" || result === "failed"))
        .flatMap(({ startTime, result, message, config, environment }, index) => {
            const rollback = imagesOfMessage(message);
            const images = rollback?.to ?? imagesOf(config);
            if (images === undefined) return [];
            return [
                {
                    number: index + 1,
                    began: startTime,
                    succeeded: result === "succeeded",
                    // The CLI keeps the names of its options.
                    limited: "pulumi.flag.target" in environment || "pulumi.flag.exclude" in environment,
                    images,
                    ...(rollback && { rolledBackFrom: rollback.from }),
                },
            ];
        });
}

/** What a rollback does: from the images in use, or of the update that failed, to others. */
export interface Choice {
    from: Images;
    to: Images;
    /** The update that `to` is of; undefined when people name the images. */
    update?: Deployment;
}

/** What people ask for; nothing: the last good images. */
export interface Wish {
    /** Number of the update whose images are wanted. */
    to?: number;
    backendImage?: string;
    frontendImage?: string;
}

function refusal(message: string): OperationError {
    return new OperationError(
        `${message} Look at \`rollback <env> --list\`, and name images with --backend-image and --frontend-image.`,
        exitCodes.refused,
    );
}

function named(deployments: readonly Deployment[], number: number): Deployment {
    const found = deployments.find((each) => each.number === number);
    if (found && isGood(found)) return found;
    const good = deployments.filter(isGood).map((each) => each.number);
    const why = found?.succeeded
        ? "that update was limited to some resources"
        : found
          ? "that update failed"
          : "there is no such update";
    throw new OptionError(
        `--to ${number}: ${why}; those that succeeded as a whole: ${good.join(", ") || "none"}.`,
    );
}

/** True for an update after which its images were in use. */
function isGood({ succeeded, limited }: Deployment): boolean {
    return succeeded && !limited;
}

function lastGood(deployments: readonly Deployment[], from: Images): Deployment {
    const [last] = deployments;
    const good = deployments.filter(isGood);
    if (last && !last.succeeded) {
        const [before] = good;
        if (before === undefined) throw refusal("The last update failed, and none before it succeeded.");
        if (!sameImages(before.images, from)) return before;
        throw refusal(
            "The last update failed, but its images are those of the last one that succeeded: no other images would help.",
        );
    }
    const bad = deployments.flatMap(({ rolledBackFrom }) => (rolledBackFrom ? [rolledBackFrom] : []));
    const found = good.find(
        ({ images }) => !sameImages(images, from) && !bad.some((each) => sameImages(each, images)),
    );
    if (found === undefined) throw refusal("There are no other images that were good before.");
    return found;
}

/**
 * The images to go back to: those of the last update that succeeded before one that failed; after one that succeeded, the
 * last others that were not rolled back from themselves. Updates that were limited to some resources are left out. `inUse`:
 * the images that the stack outputs, when it does. Throws an OperationError when there are none, an OptionError for a number
 * that is no good.
 */
export function choose(
    deployments: readonly Deployment[],
    { to, backendImage, frontendImage }: Wish,
    inUse?: Images,
): Choice {
    const [last] = deployments;
    if (last === undefined) {
        throw refusal(
            "The history of the stack tells of no update since it was made: nothing to go back to.",
        );
    }
    // Of an update that failed the stack does not output the images.
    const from = last.succeeded ? (inUse ?? last.images) : last.images;
    if (to === undefined && (backendImage !== undefined || frontendImage !== undefined)) {
        const images = { backend: backendImage ?? from.backend, frontend: frontendImage ?? from.frontend };
        return { from, to: images };
    }
    const target = to === undefined ? lastGood(deployments, from) : named(deployments, to);
    return {
        from,
        to: {
            backend: backendImage ?? target.images.backend,
            frontend: frontendImage ?? target.images.frontend,
        },
        update: target,
    };
}
