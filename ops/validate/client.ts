import { createConfiguration, HttpMethod, type KubeConfig, RequestContext } from "@kubernetes/client-node";

import { isTlsCode } from "../load/failures.ts";
import { readError, type ReadTarget, UnreachableError } from "./readError.ts";

/** Milliseconds an answer may take. */
const answerTimeoutMs = 10_000;

/** Reads JSON as it is: the generated methods rename fields, and the plan is compared with what is really stored. */
export interface Client {
    /** URL of the API server. */
    readonly server: string;
    /** Throws a ReadError when the server refuses, and an UnreachableError when it cannot be asked. */
    read(path: string, target: ReadTarget): Promise<unknown>;
}

interface Failure extends Error {
    code?: string;
    cause?: unknown;
}

/** The innermost cause: the library wraps what went wrong in "fetch failed". */
function rootCause(error: unknown): Failure {
    const failure = error as Failure;
    return failure.cause instanceof Error ? rootCause(failure.cause) : failure;
}

function unreachable(server: string, error: unknown): UnreachableError {
    const { name, code = "", message } = rootCause(error);
    if (isTlsCode(code)) {
        return new UnreachableError(
            `the certificate of the API server ${server} is not trusted (${code}: ${message})`,
            "Is it the right cluster? Get its kubeconfig anew; do not switch verification off.",
        );
    }
    const reason = name === "TimeoutError" ? `no answer within ${answerTimeoutMs / 1000} s` : code || message;
    return new UnreachableError(
        `the API server ${server} does not answer (${reason})`,
        "Start the cluster (embedded: `npm run local:up`), or check network, VPN and `cluster.endpoint.publicCidrs`.",
    );
}

/** A client for the current context. */
export function openClient(config: KubeConfig): Client {
    const server = config.getCurrentCluster()?.server ?? "";
    const { httpApi } = createConfiguration();

    async function request(path: string): Promise<RequestContext> {
        const context = new RequestContext(new URL(path, server).href, HttpMethod.GET);
        context.setHeaderParam("Accept", "application/json");
        context.setSignal(AbortSignal.timeout(answerTimeoutMs));
        try {
            await config.applySecurityAuthentication(context);
        } catch (error) {
            throw new UnreachableError(
                `there are no credentials for the API server ${server}: ${(error as Error).message}`,
                "Run what the kubeconfig runs for a token yourself, such as `aws eks get-token`, and log in where it says.",
            );
        }
        return context;
    }

    return {
        server,
        async read(path, target) {
            const context = await request(path);
            let status: number;
            let text: string;
            try {
                const answer = await httpApi.send(context).toPromise();
                status = answer.httpStatusCode;
                text = await answer.body.text();
            } catch (error) {
                throw unreachable(server, error);
            }
            const body = parsed(text);
            if (status === 200 && body !== undefined) return body;
            if (status === 401) {
                throw new UnreachableError(
                    `the API server ${server} does not know who asks (401 Unauthorized)`,
                    "Log in again; the token or certificate of the kubeconfig has expired or is another cluster's.",
                );
            }
            throw readError(target, status, body ?? { message: text.slice(0, 200) });
        },
    };
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
