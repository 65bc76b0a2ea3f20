import type { ConfigMap, OutputMap } from "@pulumi/pulumi/automation/index.js";

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

function images(backend: unknown, frontend: unknown): Images | undefined {
    return typeof backend === "string" && typeof frontend === "string" ? { backend, frontend } : undefined;
}

/** The images that a stack outputs; undefined when it outputs none. */
export function imagesOfOutputs(outputs: OutputMap): Images | undefined {
    const value = outputs["images"]?.value as { backend?: unknown; frontend?: unknown } | undefined;
    return images(value?.backend, value?.frontend);
}

/** The images in the configuration that an update had; undefined when they are not told, or are secret. */
export function imagesOf(config: ConfigMap): Images | undefined {
    const { value } = config["spywatcher:app"] ?? {};
    const app = (typeof value === "string" ? decode(value) : value) as
        { backend?: { image?: unknown }; frontend?: { image?: unknown } } | undefined;
    return images(app?.backend?.image, app?.frontend?.image);
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
