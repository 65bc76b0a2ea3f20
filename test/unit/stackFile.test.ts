import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { assertSecrets, readStackFile, StackFileError } from "../../ops/stackFile.ts";
import { ConfigError } from "../../stacks/problems.ts";
import { oidcLogin } from "../support/grafanaLogin.ts";
import { projectFolder } from "../support/plans.ts";

const allSecrets = [
    "discordBotToken",
    "discordClientSecret",
    "jwtSecret",
    "jwtRefreshSecret",
    "postgresPassword",
    "redisPassword",
    // Required, because prod installs Grafana.
    "grafanaAdminPassword",
];

describe("readStackFile", () => {
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "spywatcher-stack-"));
        for (const file of ["Pulumi.yaml", "Pulumi.local.yaml", "Pulumi.prod.yaml"]) {
            cpSync(join(projectFolder, file), join(folder, file));
        }
    });
    after(() => {
        rmSync(folder, { recursive: true });
    });

    function prodWith(secrets: string): void {
        const prod = readFileSync(join(projectFolder, "Pulumi.prod.yaml"), "utf8");
        writeFileSync(join(folder, "Pulumi.prod.yaml"), `${prod}  spywatcher:secrets:${secrets}\n`);
    }

    it("puts placeholders for secrets that the file does not hold", () => {
        const file = readStackFile(projectFolder, "prod");
        assert.deepEqual(file.missingSecrets, allSecrets);
        assert.equal(file.config.secrets.jwtSecret, "placeholder-jwtSecret".padEnd(64, "-"));
    });

    it("puts placeholders for encrypted secrets, optional ones too", () => {
        prodWith("\n    jwtSecret:\n      secure: v1:abc\n    sentryDsn:\n      secure: v1:def");
        const file = readStackFile(folder, "prod");
        assert.deepEqual(
            file.missingSecrets,
            allSecrets.filter((name) => name !== "jwtSecret"),
        );
        assert.equal(file.config.secrets.jwtSecret, "placeholder-jwtSecret".padEnd(64, "-"));
        assert.equal(file.config.secrets.sentryDsn, "https://sentrydsn.placeholder.invalid/");
    });

    it("takes a section that is encrypted as a whole", () => {
        prodWith("\n    secure: v1:abc");
        assert.deepEqual(readStackFile(folder, "prod").missingSecrets, []);
    });

    describe("with receivers of alerts", () => {
        const receivers = `
      receivers:
        - { name: on-call, kind: pagerduty }
        - { name: team, kind: discord }
        - { name: archive, kind: email, to: a@example.com, from: b@example.com, smarthost: { host: mail.example.com } }
      heartbeat: {}
      routes: { critical: [on-call, team, archive] }`;

        /** The file of prod with these receivers instead of the topic. */
        function routedProd(secrets: string): void {
            prodWith(secrets);
            const file = join(folder, "Pulumi.prod.yaml");
            const routed = readFileSync(file, "utf8").replace(
                /\n {6}receivers: .*\n {6}routes: .*/,
                receivers,
            );
            writeFileSync(file, routed);
        }

        const placeholders = {
            "on-call": "0".repeat(32),
            team: "https://team.placeholder.invalid/webhook",
        };

        it("puts placeholders of each kind for their secrets", () => {
            const secure = "{ secure: v1:abc }";
            routedProd(`
    heartbeatUrl: ${secure}
    receivers: { on-call: ${secure}, team: ${secure} }`);
            const { secrets } = readStackFile(folder, "prod").config;
            assert.deepEqual(secrets.receivers, placeholders);
            assert.equal(secrets.heartbeatUrl, "https://heartbeaturl.placeholder.invalid/");
        });

        it("puts them for all that have one when the section is encrypted as a whole", () => {
            routedProd("\n    secure: v1:abc");
            const { secrets } = readStackFile(folder, "prod").config;
            assert.deepEqual(secrets.receivers, placeholders);
            assert.equal(secrets.heartbeatUrl, "https://heartbeaturl.placeholder.invalid/");
        });

        it("refuses a plain one", () => {
            routedProd(`
    heartbeatUrl: { secure: v1:abc }
    receivers: { on-call: 0123456789abcdef0123456789abcdef, team: { secure: v1:abc } }`);
            assert.throws(
                () => readStackFile(folder, "prod"),
                new ConfigError([
                    "spywatcher:secrets.receivers.on-call: must be encrypted: set it with `pulumi config set --secret --path 'spywatcher:secrets.receivers.on-call'` (is a secret of 32 characters)",
                ]),
            );
        });
    });

    it("misses the client secret of Grafana's login where there is one", () => {
        prodWith("");
        const file = join(folder, "Pulumi.prod.yaml");
        const { grafana } = oidcLogin.monitoring;
        const text = readFileSync(file, "utf8");
        writeFileSync(
            file,
            text.replace(
                "  spywatcher:monitoring:\n",
                (line) => `${line}    grafana: ${JSON.stringify(grafana)}\n`,
            ),
        );
        const { missingSecrets, config } = readStackFile(folder, "prod");
        assert.deepEqual(missingSecrets, [...allSecrets, "grafanaClientSecret"]);
        assert.equal(config.secrets.grafanaClientSecret, "placeholder-grafanaClientSecret".padEnd(64, "-"));
    });

    it("refuses plain secrets outside local", () => {
        prodWith("\n    jwtSecret: not-a-real-secret-not-a-real-secret");
        assert.throws(
            () => readStackFile(folder, "prod"),
            new ConfigError([
                "spywatcher:secrets.jwtSecret: must be encrypted: set it with `pulumi config set --secret --path 'spywatcher:secrets.jwtSecret'` (is a secret of 35 characters)",
            ]),
        );
    });

    it("names the stacks there are when one is asked for that is not there", () => {
        assert.throws(() => readStackFile(folder, "staging"), {
            name: "StackFileError",
            message: `There is no stack "staging" (no file ${join(folder, "Pulumi.staging.yaml")}); there are: local, prod.`,
        });
    });

    it("says where a file is not YAML", () => {
        writeFileSync(join(folder, "Pulumi.broken.yaml"), "config: [");
        assert.throws(
            () => readStackFile(folder, "broken"),
            (error) =>
                error instanceof StackFileError && error.message.includes("Pulumi.broken.yaml is not YAML"),
        );
    });

    it("asks for each missing secret before an update", () => {
        assert.throws(
            () => assertSecrets(readStackFile(projectFolder, "prod"), "prod"),
            (error) => {
                assert.ok(error instanceof ConfigError);
                assert.equal(error.problems.length, 7);
                assert.equal(
                    error.problems[2],
                    "spywatcher:secrets.jwtSecret: is required; set it with `pulumi config set --stack prod --secret --path 'spywatcher:secrets.jwtSecret'`",
                );
                return true;
            },
        );
        assert.doesNotThrow(() => assertSecrets(readStackFile(projectFolder, "local"), "local"));
    });
});
