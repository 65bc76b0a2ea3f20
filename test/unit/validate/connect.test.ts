import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { stringify } from "yaml";

import { OptionError } from "../../../ops/errors.ts";
import { connect } from "../../../ops/kubernetesAccess.ts";
import { configIn } from "../../../ops/validate/expected.ts";
import { KubeconfigError } from "../../../stacks/kubeconfig.ts";
import { configOf, projectFolder } from "../../support/plans.ts";

const arn = "arn:aws:eks:us-east-1:123456789012:cluster/spywatcher-prod";

describe("the cluster that validate asks", () => {
    let folder: string;
    const before_ = process.env["KUBECONFIG"];

    function kubeconfig(name: string, contexts: string[]): string {
        const path = join(folder, name);
        const clusters = contexts.map((each) => ({ name: each, cluster: { server: "https://127.0.0.1:1" } }));
        writeFileSync(
            path,
            stringify({
                apiVersion: "v1",
                kind: "Config",
                clusters,
                users: [{ name: "u", user: { token: "not-a-real-token" } }],
                contexts: contexts.map((each) => ({ name: each, context: { cluster: each, user: "u" } })),
                "current-context": contexts[0],
            }),
        );
        return path;
    }
    const refused = (message: RegExp) => (error: unknown) =>
        error instanceof KubeconfigError && message.test(error.message);

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "spywatcher-connect-"));
    });
    after(() => {
        rmSync(folder, { recursive: true });
        if (before_ === undefined) delete process.env["KUBECONFIG"];
        else process.env["KUBECONFIG"] = before_;
    });

    it("is the one of the stack's kubeconfig and context, or of those that are named", () => {
        const path = kubeconfig("two", ["one", "two"]);
        const config = configOf("local", { cluster: { kind: "existing", kubeconfig: path } });
        assert.equal(connect(config, {}, folder).getCurrentContext(), "one");
        assert.equal(connect(config, { context: "two" }, folder).getCurrentContext(), "two");
        const other = kubeconfig("other", ["three"]);
        assert.equal(connect(config, { kubeconfig: other }, folder).getCurrentContext(), "three");
    });

    it("is told to be missing, with the contexts there are", () => {
        const path = kubeconfig("two", ["one", "two"]);
        const config = configOf("local", { cluster: { kind: "existing", kubeconfig: path } });
        assert.throws(
            () => connect(config, { context: "three" }, folder),
            refused(/ has no context "three"; its contexts: one, two\./),
        );
        assert.throws(
            () => connect(config, { kubeconfig: "nowhere" }, folder),
            refused(/there is no file .*nowhere\. Name a kubeconfig with --kubeconfig\./),
        );
        assert.throws(
            () => connect(configOf("local"), { kubeconfig: "nowhere" }, folder),
            refused(
                /there is no file .*nowhere\. Start the embedded cluster \(`npm run local:up`\), or name a kubeconfig/,
            ),
        );
    });

    it("is on EKS the one of that name and account, whatever the current context is", () => {
        process.env["KUBECONFIG"] = kubeconfig("eks", [
            "kind",
            arn.replace("123456789012", "210987654321"),
            arn,
        ]);
        const config = configOf("prod");
        assert.equal(connect(config, {}, folder).getCurrentContext(), arn);
        assert.equal(connect(config, { context: "kind" }, folder).getCurrentContext(), "kind");
        assert.throws(
            () => connect(config, { context: "other" }, folder),
            refused(/there is no context "other"; there are: kind, arn:/),
        );
        assert.throws(
            () => connect(config, { kubeconfig: kubeconfig("kind", ["kind"]) }, folder),
            refused(
                /no context leads to the cluster spywatcher-prod; there are: kind\. Make one with `aws eks update-kubeconfig --region us-east-1 --name spywatcher-prod --role-arn /,
            ),
        );
    });

    it("is no namesake of another account, whatever its context is called", () => {
        const other = arn.replace("123456789012", "210987654321");
        const path = kubeconfig("alias", [other]);
        writeFileSync(
            path,
            readFileSync(path, "utf8").replace(
                `- name: ${other}\n    context`,
                "- name: spywatcher-prod\n    context",
            ),
        );
        assert.throws(
            () => connect(configOf("prod"), { kubeconfig: path }, folder),
            refused(/no context leads to the cluster spywatcher-prod; there are: spywatcher-prod\./),
        );
        assert.equal(
            connect(
                configOf("prod"),
                { kubeconfig: path, context: "spywatcher-prod" },
                folder,
            ).getCurrentContext(),
            "spywatcher-prod",
        );
    });

    it("is found in several files, of which some are missing and some say the same", () => {
        const files = [
            join(folder, "missing"),
            kubeconfig("first", ["kind"]),
            kubeconfig("second", ["kind", arn]),
        ];
        process.env["KUBECONFIG"] = files.join(delimiter);
        assert.equal(connect(configOf("prod"), {}, folder).getCurrentContext(), arn);
    });

    it("is told to be missing on EKS with the command that makes it", () => {
        const advice =
            /there is no file \S*nowhere\. Make it with `aws eks update-kubeconfig --region us-east-1 --name spywatcher-prod /;
        for (const options of [{ kubeconfig: "nowhere" }, { kubeconfig: "nowhere", context: "kind" }]) {
            assert.throws(() => connect(configOf("prod"), options, folder), refused(advice));
        }
        process.env["KUBECONFIG"] = join(folder, "nowhere");
        assert.throws(() => connect(configOf("prod"), {}, folder), refused(advice));
        writeFileSync(join(folder, "broken"), "a: [");
        assert.throws(
            () => connect(configOf("prod"), { kubeconfig: "broken" }, folder),
            refused(/broken is no kubeconfig: /),
        );
    });

    it("has the namespace of the stack, or the one NAMESPACE names", () => {
        assert.equal(configIn(projectFolder, "local", undefined).app.namespace, "spywatcher");
        assert.equal(configIn(projectFolder, "local", "other").app.namespace, "other");
        assert.throws(() => configIn(projectFolder, "local", "Not_One"), OptionError);
    });
});
