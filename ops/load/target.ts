import { Agent, request } from "undici";

import type { Config } from "../../stacks/schema/index.ts";
import { OperationError } from "../errors.ts";
import { isEmbedded } from "../kubernetesAccess.ts";
import { failureText } from "./failures.ts";
import type { Note } from "./run.ts";

/**
 * Asks PostgreSQL and Redis for every request, and is exempt from the application's limits by the preload script. Every
 * path below /api is limited to 100 requests in 15 minutes and slowed down after 50, so no single machine can load it.
 */
export const loadPath = "/health/ready";

export interface TargetArgs {
    config: Config;
    /** Folder that relative paths of the configuration start at. */
    folder: string;
    /** URL that was asked for. Default: the stack's API host. */
    url?: string | undefined;
    /** True when the person has said that a target outside the stack is meant. */
    yes: boolean;
}

/** The URL to load. Throws an OperationError when it is none, or not of the stack and not confirmed. */
export function targetUrl({ config, folder, url, yes }: TargetArgs): URL {
    const { hosts } = config.app;
    if (url === undefined) {
        if (isEmbedded(config, folder)) {
            throw new OperationError(
                "The embedded cluster's nodes are simulated, nothing there answers requests. Add --simulate, or give --url and --yes.",
            );
        }
        // What the stack outputs as `apiUrl`; the path does real work, other than the frontend's pages.
        return new URL(loadPath, `https://${hosts.api}`);
    }
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
        throw new OperationError(`"${url}" is no URL of http or https.`);
    }
    const target = new URL(url);
    const own: string[] = [hosts.api, hosts.frontend];
    if (!own.includes(target.hostname) && !yes) {
        throw new OperationError(
            `${target.host} is not a host of the stack (${own.join(", ")}). Load only what is yours; add --yes if it is.`,
        );
    }
    return target;
}

/** What in the configuration stands in the way of a load from one machine. */
export function limitNotes({ edge, app }: Config, target: URL, mostRate: number): Note[] {
    const notes: Note[] = [];
    const { waf } = edge;
    if (waf?.enabled && waf.mode === "block" && mostRate * 60 > waf.requestsPerMinute) {
        notes.push({
            failed: false,
            text: `The web ACL answers 429 after ${waf.requestsPerMinute} requests a minute from one address; ${mostRate} a second are ${mostRate * 60}. Set edge.waf.mode to count for the test.`,
        });
    }
    if (!app.backend.preload && target.hostname === app.hosts.api) {
        notes.push({
            failed: false,
            text: "Without app.backend.preload the application delays every request after the 50th in 15 minutes by up to 20 s.",
        });
    }
    return notes;
}

/** Sends one request. Throws an OperationError that says why the target cannot be loaded. */
export async function assertAnswers(url: URL): Promise<void> {
    const agent = new Agent({ allowH2: false, connect: { timeout: 5000 }, headersTimeout: 10_000 });
    try {
        const { statusCode, body } = await request(url, { dispatcher: agent });
        await body.dump();
        if (statusCode < 200 || statusCode > 299) {
            throw new OperationError(
                `${url.href} answers ${statusCode}; a load test needs a path that answers 2xx.`,
            );
        }
    } catch (error) {
        if (error instanceof OperationError) throw error;
        throw new OperationError(`${url.href} does not answer: ${failureText(error)}.`);
    } finally {
        await agent.destroy();
    }
}
