import { KubeConfig } from "@kubernetes/client-node";

import { kubeconfigPath } from "../../local/paths.ts";
import { checks } from "../../ops/validate/checks/index.ts";
import { type Client, openClient } from "../../ops/validate/client.ts";
import { configIn, expectedObjects } from "../../ops/validate/expected.ts";
import type { Finding } from "../../ops/validate/model.ts";
import type { Planned } from "../../ops/validate/planned.ts";
import { validate } from "../../ops/validate/runChecks.ts";
import type { Config } from "../../stacks/schema/index.ts";
import { projectFolder } from "./plans.ts";
import { poll } from "./poll.ts";

/** What is other than it is. */
export interface Pretence {
    /** Answers to reads, by path, from what is really there. */
    answers?: Record<string, (body: any) => unknown>;
    environment?: "prod";
    /** Seconds from now. */
    later?: number;
    only?: string;
}

/** The stack local, validated in this process, where a plan and a connection are made once. */
export class Validating {
    readonly #config: Config;
    readonly #planned: Planned;
    readonly #client: Client;

    private constructor(config: Config, planned: Planned, client: Client) {
        this.#config = config;
        this.#planned = planned;
        this.#client = client;
    }

    static async open(kubeconfig = kubeconfigPath()): Promise<Validating> {
        const config = configIn(projectFolder, "local", undefined);
        const kube = new KubeConfig();
        kube.loadFromFile(kubeconfig);
        return new Validating(
            config,
            await expectedObjects(projectFolder, "local", config),
            openClient(kube),
        );
    }

    async findings({ answers = {}, environment, later = 0, only }: Pretence = {}): Promise<Finding[]> {
        const { findings } = await validate({
            checks: checks.filter(({ name }) => only === undefined || name === only),
            client: {
                server: this.#client.server,
                read: async (path, target) => {
                    const answer = answers[path];
                    if (!answer) return this.#client.read(path, target);
                    return answer(await this.#client.read(path, target).catch(() => undefined));
                },
            },
            contextName: "test",
            config: environment === undefined ? this.#config : { ...this.#config, environment },
            planned: this.#planned,
            now: Date.now() + later * 1000,
        });
        return findings;
    }

    /** Waits until exactly these checks fail, and returns what they say. */
    async failing(names: readonly string[], pretence: Pretence = {}): Promise<Finding[]> {
        let last: Finding[] = [];
        try {
            return await poll(`exactly ${names.join() || "no check"} fails`, 90, async () => {
                last = (await this.findings(pretence)).filter(({ status }) => status === "fail");
                const failed = [...new Set(last.map(({ check }) => check))];
                return failed.join() === names.join() ? last : undefined;
            });
        } catch (error) {
            const { message } = error as Error;
            throw new Error(
                [message, ...last.map((each) => `${each.check}: ${each.object}: ${each.message}`)].join("\n"),
                { cause: error },
            );
        }
    }
}
