import assert from "node:assert/strict";

import { maskCredentials, masked } from "../../ops/changes/mask.ts";

/** Obviously fake, in parts, so that no scanner takes them for real. */
const credentials: Record<string, string> = {
    "AWS access key id": `AKIANOTAREALKEY00000`,
    "AWS temporary key id": `ASIANOTAREALKEY00000`,
    "AWS secret access key": `not/a/Real+${"Key0".repeat(7)}x`,
    "AWS session token": `IQoJ${"NotAReal".repeat(8)}=`,
    "GitHub token": `ghp_${"NotARealToken".repeat(3)}`,
    "GitHub token of an app": `ghs_${"NotARealToken".repeat(3)}`,
    "GitHub fine-grained token": `github_pat_${"NotAReal_".repeat(4)}`,
    "GitLab token": `glpat-${"not-a-real-".repeat(2)}`,
    "npm token": `npm_${"NotARealTkn0".repeat(3)}`,
    "Pulumi token": `pul-${"0123456789".repeat(4)}`,
    "Discord bot token": `MTIzNDU2Nzg5MDEyMzQ1Njc4.Gnotre.${"not-a-real-token".repeat(2)}`,
    "Slack token": `xoxb-not-a-real-token`,
    "Stripe key": `sk_live_${"NotARealKey0".repeat(2)}`,
    "Google key": `AIza${"NotARealKey".repeat(3)}00`,
    "SendGrid key": `SG.NotARealKeyNotAReal.NotARealKeyNotAReal`,
    "Vault token": `hvs.${"NotARealToken".repeat(2)}`,
    "JSON Web Token": `eyJhbGciOiJub25lIn0.eyJzdWIiOiJub3QifQ.bm90LWEtcmVhbA`,
};

describe("credentials", () => {
    for (const [name, credential] of Object.entries(credentials)) {
        it(`are masked within a text: ${name}`, () => {
            for (const [before, after] of [
                ["", ""],
                ["set it to ", ", then go on"],
                ['{"value":"', '"}'],
                ["line\n", "\nline"],
            ]) {
                assert.equal(maskCredentials(`${before}${credential}${after}`), `${before}[secret]${after}`);
            }
        });
    }

    it("are masked within addresses, which stay readable", () => {
        const cases: [string, string][] = [
            ["postgres://app:not-a-real@db:5432/app", "postgres://app:[secret]@db:5432/app"],
            ["rediss://:not-a-real@cache", "rediss://:[secret]@cache"],
            [
                "https://discord.com/api/webhooks/123/not-real_x ok",
                "https://discord.com/api/webhooks/[secret] ok",
            ],
            ["https://hooks.slack.com/services/T0/B0/notreal", "https://hooks.slack.com/services/[secret]"],
        ];
        for (const [text, expected] of cases) assert.equal(maskCredentials(text), expected);
    });

    it("are masked after their names, and in headers", () => {
        const cases: [string, string][] = [
            ["password=not-a-real-1", "password=[secret]"],
            ['"JWT_SECRET": "not-a-real-one-either"', '"JWT_SECRET": "[secret]"'],
            ["Authorization: Bearer not-a-real-token-0", "Authorization: Bearer [secret]"],
        ];
        for (const [text, expected] of cases) assert.equal(maskCredentials(text), expected);
    });

    it("are masked as a private key, also when its end is missing", () => {
        const begin = "-----BEGIN RSA PRIVATE KEY-----";
        assert.equal(maskCredentials(`a ${begin}\nnot\n-----END RSA PRIVATE KEY-----\nb`), "a [secret]\nb");
        assert.equal(maskCredentials(`a ${begin}\nnot re`), "a [secret]");
    });

    it("are not seen in what only looks like them", () => {
        for (const text of [
            "spywatcher:secrets.discordBotToken: is required; set it with pulumi config set",
            "automountServiceAccountToken: false",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "arn:aws:iam::123456789012:role/spywatcher-prod-backend-execution-role",
            "https://api.spywatcher.example.com:8443/path@2",
            "disk-spywatcher-prod-postgres-volume-claim",
            "/aws/containerinsights/spywatcher-prod/application",
        ]) {
            assert.equal(maskCredentials(text), text);
        }
    });

    it("take no longer than the text is long", () => {
        const began = performance.now();
        for (const piece of [
            "-----BEGIN PRIVATE KEY-----",
            "password=",
            "https://a:",
            "eyJ",
            " ",
            "A",
            "Bearer ",
            "M.",
        ]) {
            maskCredentials(piece.repeat(200_000 / piece.length));
        }
        assert.ok(performance.now() - began < 5000);
    });
});

describe("a masked value", () => {
    it("keeps what is no secret", () => {
        const value = {
            spec: {
                replicas: 2,
                secretName: "tls",
                automountServiceAccountToken: false,
                ports: [{ port: 80 }],
            },
            empty: null,
            password: "",
        };
        assert.deepEqual(masked(value), value);
    });

    it("shows no value of a name that tells of a secret, in variables of a container either", () => {
        assert.deepEqual(
            masked({
                secretString: "plain",
                nested: [{ authToken: "plain" }],
                env: [
                    { name: "JWT_SECRET", value: "plain" },
                    { name: "LOG_LEVEL", value: "info" },
                ],
            }),
            {
                secretString: "[secret]",
                nested: [{ authToken: "[secret]" }],
                env: [
                    { name: "JWT_SECRET", value: "[secret]" },
                    { name: "LOG_LEVEL", value: "info" },
                ],
            },
        );
    });

    it("shows of a Secret and of what the engine calls secret at most the keys", () => {
        const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
        assert.deepEqual(masked({ data: { ...signature, ciphertext: "AAAA" } }), { data: "[secret]" });
        assert.deepEqual(
            masked({ apiVersion: "v1", kind: "Secret", data: { a: "cGxhaW4=" }, stringData: { b: "plain" } }),
            { apiVersion: "v1", kind: "Secret", data: { a: "[secret]" }, stringData: { b: "[secret]" } },
        );
    });

    it("has no credential in its keys", () => {
        const key = credentials["GitHub token"] ?? "";
        assert.deepEqual(masked({ [key]: 1 }), { "[secret]": 1 });
    });
});
