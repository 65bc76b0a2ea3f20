import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeComment {
    id: number;
    body: string;
    user: { login: string; type: "Bot" | "User" };
    author_association: string;
}

/** An answer to give instead of the right one. */
export interface Failure {
    status: number;
    message: string;
    headers?: Record<string, string>;
    /** Do what was asked all the same, as a proxy that loses the answer. */
    applies?: boolean;
}

const bot = { login: "github-actions[bot]", type: "Bot" } as const;

/** As much of GitHub's API as comments need, on the loopback interface: one repository `o/r` with one pull request, 7. */
export class FakeGitHub {
    readonly comments: FakeComment[] = [];
    /** Method and path of every request. */
    readonly requests: string[] = [];
    readonly tokens = new Set<string>();
    /** Answers to give to the next requests whose method and path match. */
    failures: { match: RegExp; failure: Failure }[] = [];
    #nextId = 1000;
    readonly #server = createServer((request, response) => void this.#serve(request, response));

    async start(): Promise<void> {
        await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    }

    async stop(): Promise<void> {
        this.#server.closeAllConnections();
        await new Promise((done) => this.#server.close(done));
    }

    get url(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    add(comment: Partial<FakeComment>): FakeComment {
        this.#nextId += 1;
        const whole = { id: this.#nextId, body: "", user: bot, author_association: "NONE", ...comment };
        this.comments.push(whole);
        return whole;
    }

    fail(match: RegExp, failure: Failure, times = 1): void {
        for (let count = 0; count < times; count += 1) this.failures.push({ match, failure });
    }

    async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const text = Buffer.concat(chunks).toString();
        const body = text === "" ? "" : (JSON.parse(text) as { body: string }).body;
        const line = `${request.method ?? ""} ${request.url ?? ""}`;
        this.requests.push(line);
        this.tokens.add(request.headers.authorization ?? "");
        const index = this.failures.findIndex(({ match }) => match.test(line));
        const [failed] = index < 0 ? [] : this.failures.splice(index, 1);
        const answer = failed && !failed.failure.applies ? undefined : this.#answer(line, body);
        if (failed) {
            const { status, message, headers } = failed.failure;
            response.writeHead(status, { "content-type": "application/json", ...headers });
            response.end(JSON.stringify({ message }));
        } else {
            const { status, value, headers } = answer ?? { status: 500, value: {}, headers: {} };
            response.writeHead(status, { "content-type": "application/json", ...headers });
            response.end(JSON.stringify(value));
        }
    }

    #answer(
        line: string,
        body: string,
    ): { status: number; value: unknown; headers?: Record<string, string> } {
        const shown = (comment: FakeComment) => ({
            ...comment,
            html_url: `https://github.com/o/r/pull/7#${comment.id}`,
        });
        if (line === "GET /repos/o/r/pulls/7") return { status: 200, value: { number: 7 } };
        const list = /^GET \/repos\/o\/r\/issues\/7\/comments\?per_page=(\d+)(?:&page=(\d+))?$/.exec(line);
        if (list) {
            const [size, page] = [Number(list[1]), Number(list[2] ?? 1)];
            const next = `<${this.url}/repos/o/r/issues/7/comments?per_page=${size}&page=${page + 1}>; rel="next"`;
            return {
                status: 200,
                value: this.comments.slice((page - 1) * size, page * size).map(shown),
                headers: page * size < this.comments.length ? { link: next } : {},
            };
        }
        if (line === "POST /repos/o/r/issues/7/comments")
            return { status: 201, value: shown(this.add({ body })) };
        const edited = /^PATCH \/repos\/o\/r\/issues\/comments\/(\d+)$/.exec(line)?.[1];
        const comment = this.comments.find(({ id }) => id === Number(edited));
        if (comment) return { status: 200, value: shown(Object.assign(comment, { body })) };
        return { status: 404, value: { message: "Not Found" } };
    }
}
