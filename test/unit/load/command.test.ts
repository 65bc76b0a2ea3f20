import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { eventLine, sampleLine } from "../../../ops/load/screen.ts";
import { opsHere } from "../../support/inProcess.ts";
import { runOf, sample } from "../../support/runs.ts";

describe("load-test and simulate on the command line", () => {
    let home: string;

    before(() => {
        home = mkdtempSync(join(tmpdir(), "spywatcher-load-"));
    });
    after(() => rmSync(home, { recursive: true }));

    const run = (args: string[], env: Record<string, string> = {}) =>
        opsHere(args, { env: { HOME: home, KUBECONFIG: join(home, "none"), ...env } });

    it("say in one line that there is nothing to load", async () => {
        const { code, stdout, stderr } = await run(["load-test", "local"]);
        assert.equal(code, 1);
        assert.equal(stdout, "");
        assert.match(stderr, /^The embedded cluster's nodes are simulated, [^\n]*\n$/);
    });

    it("say in one line how to get to the cluster", async () => {
        const { code, stderr } = await run(["load-test", "prod"]);
        assert.equal(code, 4);
        assert.equal(
            stderr,
            `spywatcher:cluster.kubeconfig: there is no file ${join(home, "none")}. Make it with \`aws eks update-kubeconfig --region us-east-1 --name spywatcher-prod --role-arn arn:aws:iam::123456789012:role/spywatcher-deploy\`.\n`,
        );
    });

    it("say in one line that the cluster does not answer", async () => {
        const cluster = { name: "spywatcher-prod", cluster: { server: "https://127.0.0.1:4" } };
        const context = { name: "spywatcher-prod", context: { cluster: "spywatcher-prod", user: "u" } };
        const user = { name: "u", user: { token: "not-a-real-token" } };
        const kubeconfig = join(home, "silent");
        writeFileSync(
            kubeconfig,
            JSON.stringify({ clusters: [cluster], contexts: [context], users: [user] }),
        );
        const { code, stderr } = await run(["load-test", "prod", "--kubeconfig", kubeconfig]);
        assert.equal(code, 1);
        assert.equal(
            stderr,
            "The API server https://127.0.0.1:4 does not answer (ECONNREFUSED). Start the cluster (embedded: `npm run local:up`), or check network, VPN and `cluster.endpoint.publicCidrs`.\n",
        );
    });

    it("say in one line that there is no cluster", async () => {
        const { code, stderr } = await run(["load-test", "local", "--monitor"]);
        assert.equal(code, 4);
        assert.match(stderr, /^spywatcher:cluster\.kubeconfig: there is no file [^\n]*\n$/);
    });

    it("take a target from the environment, as the former script did, and refuse one of others", async () => {
        const { code, stderr } = await run(["load-test", "prod"], { TARGET_URL: "https://example.com/" });
        assert.equal(code, 1);
        assert.match(stderr, /^example\.com is not a host of the stack/);
    });

    it("take an empty variable for none", async () => {
        const empty = { TARGET_URL: "", NAMESPACE: "", DURATION: "", REQUESTS_PER_SECOND: "" };
        const { code, stderr } = await run(["load-test", "local"], empty);
        assert.equal(code, 1);
        assert.match(stderr, /^The embedded cluster's nodes are simulated, /);
    });

    for (const [args, message] of [
        ["local --spike --profile ramp", /'-s, --spike' cannot be used with option '--profile <name>'/],
        ["local --spike --rps 5", /--rps would be ignored with --spike/],
        ["local --profile spike --duration 5", /--duration would be ignored with --profile spike/],
        ["local --monitor --url http://a/ --yes", /--url, --yes would be ignored with --monitor/],
        ["local --monitor --max-p95 5", /--max-p95 would be ignored with --monitor/],
        ["local --tier frontend", /--tier would be ignored without --simulate/],
        ["local --simulate --namespace a", /--namespace would be ignored with --simulate/],
        ["local --simulate --monitor", /'--simulate' cannot be used with option '-m, --monitor'/],
    ] as const) {
        it(`refuse ${args}`, async () => {
            const { code, stderr } = await run(["load-test", ...args.split(" ")]);
            assert.equal(code, 4);
            assert.match(stderr, message);
        });
    }

    it("refuse what is no setting, before anything is started", async () => {
        const { code, stderr } = await run(["simulate", "--set", "app.backend.replicas=[20"]);
        assert.equal(code, 4);
        assert.match(stderr, /^--set app\.backend\.replicas=\[20: the value is not YAML: [^\n]*\.\n$/);
        const noValue = await run(["simulate", "--set", "app.backend.replicas"]);
        assert.equal(noValue.code, 4);
        assert.match(noValue.stderr, /^--set app\.backend\.replicas: must be a key and a value/);
    });

    it("say that the report cannot be written, before anything is started", async () => {
        writeFileSync(join(home, "file"), "");
        const { code, stderr } = await run(["simulate", "--report", join(home, "file", "reports")]);
        assert.equal(code, 1);
        assert.match(stderr, /^--report .*: the folder cannot be written \(.*ENOTDIR.*\)\.\n$/);
    });

    it("name an option or variable that is no number", async () => {
        const option = await run(["load-test", "local", "--rps", "many"]);
        assert.equal(option.code, 4);
        assert.match(
            option.stderr,
            /option '-r, --rps <n>' argument 'many' is invalid. It must be a whole number/,
        );
        const variable = await run(["load-test", "local"], { DURATION: "-1" });
        assert.equal(variable.code, 4);
        assert.match(variable.stderr, /value '-1' from env 'DURATION' is invalid/);
    });

    it("check changed settings before anything is started", async () => {
        const { code, stderr } = await run(["simulate", "--set", "app.backend.autoscaling.maxReplicas=many"]);
        assert.equal(code, 4);
        assert.match(stderr, /app\.backend\.autoscaling\.maxReplicas.*must be a whole number from 1 to 1000/);
    });
});

describe("the live screen", () => {
    const { workload } = runOf([], []);

    it("shows a second in a line", () => {
        const busy = sample(11, {
            intended: 100,
            started: 99.6,
            errors: 2,
            p50: 7.25,
            p95: 60.4,
            p99: 90,
            desired: 4,
            cpu: 144,
        });
        assert.equal(
            sampleLine(busy, workload),
            "12 s · 100/100 requests/s · p50 7.3 ms, p95 60 ms, p99 90 ms · 2 failed · pods 2/4 (2–10) · CPU 144%/70% · memory 31%/80%",
        );
    });

    it("says what is unknown", () => {
        const unknown = sample(0, { ready: null, desired: null, cpu: null });
        assert.equal(
            sampleLine(unknown, workload),
            "1 s · pods ?/? (2–10) · CPU unknown/70% · memory 31%/80%",
        );
    });

    it("shows changes of the number of pods with the HPA's reason", () => {
        assert.equal(
            eventLine({ second: 15, from: 2, to: 4, reason: "cpu above target" }),
            "15 s: 2 → 4 pods (cpu above target)",
        );
        assert.equal(eventLine({ second: 15, from: 4, to: 3, reason: "" }), "15 s: 4 → 3 pods");
    });
});
