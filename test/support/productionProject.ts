import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { execa } from "execa";
import { parse, stringify } from "yaml";

import { kubeconfigPath } from "../../local/paths.ts";
import { findPulumi, providerHome } from "../../local/pulumi.ts";
import { type CommandResult, ops, type RunningCommand, startOps } from "./command.ts";
import { copyProject, type StackConfig } from "./projectCopy.ts";

const secrets: Record<string, string> = {
    discordBotToken: "not-a-real-token-of-production-not-a-real-token-of-",
    discordClientSecret: "not-a-real-client-secret-of-production",
    jwtSecret: "not-a-real-secret-for-access-tokens-of-production",
    jwtRefreshSecret: "not-a-real-secret-for-refresh-tokens-of-production",
    postgresPassword: "not-a-real-password-of-production",
    redisPassword: "not-a-real-password-of-production-either",
};

/** A copy of this project whose stack prod is deployed to the embedded cluster, with a backend in the same folder. */
export class ProductionProject {
    readonly folder: string;
    readonly pulumi: string;
    /** Environment variables of the backend and its passphrase. */
    readonly env: Record<string, string>;

    private constructor(folder: string, pulumi: string, home: string | undefined) {
        this.folder = folder;
        this.pulumi = pulumi;
        this.env = {
            PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
            PULUMI_CONFIG_PASSPHRASE: "not-a-real-passphrase",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            ...(home !== undefined && { PULUMI_HOME: home }),
        };
    }

    static async create(): Promise<ProductionProject> {
        const folder = copyProject("prod", (config) => {
            config["spywatcher:cluster"] = {
                kind: "existing",
                name: "spywatcher-prod",
                kubeconfig: kubeconfigPath(),
            };
            config["spywatcher:network"] = { kind: "unmanaged", loadBalancerCidrs: ["10.0.32.0/22"] };
            config["spywatcher:edge"] = { accessLogs: { bucket: "spywatcher-prod-access-logs" } };
            config["spywatcher:data"] = {
                kind: "external",
                maxConnections: 200,
                postgres: { host: "postgres.spywatcher.example.com", cidrs: ["10.0.36.0/24"] },
                redis: { host: "redis.spywatcher.example.com", cidrs: ["10.0.36.0/24"] },
            };
            // Monitoring is the cluster's own affair.
            delete config["spywatcher:monitoring"]?.["routing"];
        });
        mkdirSync(join(folder, "state"));
        const installation = await findPulumi();
        return new ProductionProject(folder, installation.command, await providerHome(installation));
    }

    /** Makes the stack and sets its secrets, by the Pulumi CLI as the README says. */
    async initialise(): Promise<void> {
        const options = { cwd: this.folder, env: this.env };
        await execa(this.pulumi, ["stack", "init", "prod"], options);
        for (const [name, input] of Object.entries(secrets)) {
            const path = `spywatcher:secrets.${name}`;
            await execa(this.pulumi, ["config", "set", "--stack", "prod", "--secret", "--path", path], {
                ...options,
                input,
            });
        }
    }

    get #file(): string {
        return join(this.folder, "Pulumi.prod.yaml");
    }

    /** Text of the stack file. */
    get stackFile(): string {
        return readFileSync(this.#file, "utf8");
    }

    /** Changes the stack file. */
    change(change: (config: StackConfig) => void): void {
        const file = parse(this.stackFile) as { config: StackConfig };
        change(file.config);
        writeFileSync(this.#file, stringify(file));
    }

    /** Switches every protection off in the stack file. */
    unprotect(): void {
        this.change((config) => {
            Object.assign(config, { "spywatcher:protect": false });
            Object.assign(config["spywatcher:app"]?.["ingress"] ?? {}, { deletionProtection: false });
        });
    }

    /** The state as the backend keeps it. */
    get state(): string {
        return readFileSync(join(this.folder, "state/.pulumi/stacks/spywatcher/prod.json"), "utf8");
    }

    run(...args: string[]): Promise<CommandResult> {
        return this.runWith({}, ...args);
    }

    /** `env`: on top of the backend's. */
    runWith(env: Record<string, string>, ...args: string[]): Promise<CommandResult> {
        return ops(args, { folder: this.folder, env: { ...this.env, ...env } });
    }

    start(...args: string[]): RunningCommand {
        return startOps(args, { folder: this.folder, env: this.env });
    }

    remove(): void {
        rmSync(this.folder, { recursive: true });
    }
}
