import type { ConfigMap } from "@pulumi/pulumi/automation/index.js";

import { decode } from "../../stacks/decode.ts";

/** The images of a deployment. The bot runs the backend's. */
export interface Images {
    backend: string;
    frontend: string;
}

/** True when both are the same. */
export function sameImages(left: Images, right: Images): boolean {
    return left.backend === right.backend && left.frontend === right.frontend;
}

/** The images in the configuration that an update had; undefined when they are not told, or are secret. */
export function imagesOf(config: ConfigMap): Images | undefined {
    const { value } = config["spywatcher:app"] ?? {};
    const app = (typeof value === "string" ? decode(value) : value) as
        { backend?: { image?: unknown }; frontend?: { image?: unknown } } | undefined;
    const [backend, frontend] = [app?.backend?.image, app?.frontend?.image];
    return typeof backend === "string" && typeof frontend === "string" ? { backend, frontend } : undefined;
}

const messagePattern = /^Rollback to backend=(\S+) frontend=(\S+) from backend=(\S+) frontend=(\S+)$/;

/** What a rollback writes into the history, which otherwise would tell the images of the stack file. */
export function rollbackMessage(to: Images, from: Images): string {
    return `Rollback to backend=${to.backend} frontend=${to.frontend} from backend=${from.backend} frontend=${from.frontend}`;
}

/** The images that a message of a rollback tells; undefined for any other message. */
export function imagesOfMessage(message: string): { to: Images; from: Images } | undefined {
    const [, backend, frontend, oldBackend, oldFrontend] = messagePattern.exec(message) ?? [];
    if (!backend || !frontend || !oldBackend || !oldFrontend) return undefined;
    return { to: { backend, frontend }, from: { backend: oldBackend, frontend: oldFrontend } };
}
