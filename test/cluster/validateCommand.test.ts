import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { kubeconfigPath } from "../../local/paths.ts";
import { ApiServer } from "../support/apiServer.ts";
import { type CommandResult, ops, startOps } from "../support/command.ts";
import { poll } from "../support/poll.ts";
import { copyProject } from "../support/projectCopy.ts";

const group = "system:serviceaccounts:validators";
const user = "system:serviceaccount:validators:ci";

interface Shown {
    check: string;
    status: string;
    message: string;
    remedy: string | null;
}

describe("the command validate, as administrator and as who may do nothing else", () => {
    let server: ApiServer;
    let folder: string;
    let kubeconfig: string;

    const validate = async (...args: string[]): Promise<CommandResult & { shown: Shown[] }> => {
        const result = await ops(["validate", "local", "--json", "--kubeconfig", kubeconfig, ...args], {
            folder,
        });
        return { ...result, shown: JSON.parse(result.stdout || "[]") as Shown[] };
    };

    async function may(attributes: object): Promise<boolean> {
        const { status, body } = await server.send(
            "POST",
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            {
                apiVersion: "authorization.k8s.io/v1",
                kind: "SubjectAccessReview",
                spec: { user, groups: [group, "system:authenticated"], resourceAttributes: attributes },
            },
        );
        assert.equal(status, 201);
        return (body as any).status.allowed;
    }

    /** A kubeconfig like the stack's with other credentials or another authority. */
    function kubeconfigWith(name: string, change: (config: any) => void): string {
        const config = parse(readFileSync(kubeconfigPath(), "utf8"));
        change(config);
        const path = join(folder, name);
        writeFileSync(path, stringify(config));
        return path;
    }

    before(async () => {
        server = await ApiServer.connect();
        folder = copyProject("local", (config) => {
            config["spywatcher:platform"] = { validation: { groups: [group] } };
        });
        assert.equal((await ops(["local", "up"])).code, 0);
        await server.send("POST", "/api/v1/namespaces", { metadata: { name: "validators" } });
        await server.send("POST", "/api/v1/namespaces/validators/serviceaccounts", {
            metadata: { name: "ci" },
        });
        const { body } = await server.send("POST", "/api/v1/namespaces/validators/serviceaccounts/ci/token", {
            apiVersion: "authentication.k8s.io/v1",
            kind: "TokenRequest",
            spec: {},
        });
        kubeconfig = kubeconfigWith("validator", (config) => {
            config.users[0].user = { token: (body as any).status.token };
        });
    });
    after(async () => {
        await ops(["destroy", "local", "--yes"], { folder });
        await server.send("DELETE", "/api/v1/namespaces/validators");
        rmSync(folder, { recursive: true });
    });

    it("passes on a fresh local up, and says what does not apply", async () => {
        const { code, stdout, stderr } = await ops(["validate", "local", "--json"]);
        assert.equal(code, 0, stdout + stderr);
        const findings = JSON.parse(stdout) as Record<string, string | null>[];
        assert.deepEqual(
            findings
                .filter(({ status }) => status === "skip")
                .map(({ check, message }) => `${check ?? ""}: ${message ?? ""}`),
            [
                "readiness-gates: no node is in AWS: no load balancer injects readiness gates",
                "monitoring: the stack does not install monitoring, and the cluster has no Prometheus object",
                "targets: the stack does not install monitoring, and the cluster has no Prometheus object",
                "plan: 3 objects are not compared (Secret): validation reads no Secrets, and names may follow their content",
            ],
        );
        assert.equal(findings.filter(({ status }) => status === "fail").length, 0);
    });

    it("prints the pods' use when VERBOSE is set, and writes JUnit's XML", async () => {
        const file = join(folder, "junit.xml");
        const args = ["validate", "local", "--skip", "plan", "--junit", file];
        const { code, stdout, stderr } = await ops(args, { env: { VERBOSE: "true" } });
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout, /│ postgres-0 +│ 50m │ +51Mi │/);
        const xml = readFileSync(file, "utf8");
        assert.match(xml, /<testsuite name="validate local" tests="\d+" failures="0" skipped="3"/);
    });

    it("tells of a namespace that is not there, and of nothing else", async () => {
        const { code, stdout } = await ops(["validate", "local", "--json"], {
            env: { NAMESPACE: "nowhere" },
        });
        assert.equal(code, 1);
        const findings = JSON.parse(stdout) as Record<string, string | null>[];
        assert.deepEqual(
            findings
                .filter(({ status }) => status === "fail")
                .map(({ check, object, message }) => [check, object, message]),
            [["namespace", "Namespace nowhere", "does not exist"]],
        );
        assert.ok(findings.some(({ check, status }) => check === "metrics-api" && status === "pass"));
    });

    it("names what may not be read and which role to bind, for every check", async () => {
        const { code, shown } = await validate();
        assert.equal(code, 1);
        const failed = shown.filter(({ status }) => status === "fail");
        assert.deepEqual(
            failed.slice(0, 2).map(({ check, message, remedy }) => [check, message, remedy]),
            [
                [
                    "namespace",
                    `user ${user} may not list namespaces in the whole cluster`,
                    "Bind the ClusterRole spywatcher-validate to it: add a group of it to platform.validation.groups and bring the stack up.",
                ],
                [
                    "metrics-api",
                    `user ${user} may not list apiservices.apiregistration.k8s.io in the whole cluster`,
                    "Bind the ClusterRole spywatcher-validate to it: add a group of it to platform.validation.groups and bring the stack up.",
                ],
            ],
        );
    });

    it("names the Role in the namespace where only that is missing", async () => {
        const bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
        await server.send("POST", bindings, {
            metadata: { name: "validators-of-a-test" },
            roleRef: {
                apiGroup: "rbac.authorization.k8s.io",
                kind: "ClusterRole",
                name: "spywatcher-validate",
            },
            subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group }],
        });
        const found = await poll("the binding counts", 10, async () => {
            const { shown } = await validate("--only", "namespace,deployments,pdb");
            return shown.some(({ check, status }) => check === "namespace" && status === "pass")
                ? shown
                : undefined;
        });
        await server.send("DELETE", `${bindings}/validators-of-a-test`);
        assert.deepEqual(
            found.filter(({ status }) => status === "fail").map(({ check, message }) => [check, message]),
            [
                ["deployments", `user ${user} may not list deployments.apps in namespace spywatcher`],
                ["pdb", `user ${user} may not list deployments.apps in namespace spywatcher`],
            ],
        );
        assert.match(
            found.at(-1)?.remedy ?? "",
            /^Bind the Role spywatcher-validate in namespace spywatcher to it/,
        );
    });

    it("passes with exactly the roles of the program", async () => {
        const up = await ops(["up", "local"], { folder });
        assert.equal(up.code, 0, up.stdout + up.stderr);
        const { code, shown, stderr } = await validate("--watch", "1", "--timeout", "60");
        assert.equal(code, 0, stderr);
        assert.ok(shown.length > 30);
        assert.equal(shown.filter(({ status }) => status === "fail").length, 0);
    });

    it("may not read Secrets, nor reach anything but Prometheus through the proxy", async () => {
        const proxy = { namespace: "monitoring", verb: "get", resource: "services", subresource: "proxy" };
        assert.equal(await may({ namespace: "spywatcher", verb: "list", resource: "secrets" }), false);
        assert.equal(await may({ namespace: "kube-system", verb: "list", resource: "configmaps" }), false);
        assert.equal(await may({ namespace: "spywatcher", verb: "delete", resource: "pods" }), false);
        assert.equal(await may({ ...proxy, name: "grafana:80" }), false);
        assert.equal(await may({ ...proxy, name: "prometheus-operated:9090" }), true);
    });

    it("refuses a context that there is not, before anything else", async () => {
        const { code, stdout, stderr } = await validate("--context", "other");
        assert.deepEqual([code, stdout], [4, ""]);
        assert.match(stderr, / has no context "other"; its contexts: spywatcher-local\./);
    });

    it("tells of a certificate that is not the cluster's", async () => {
        const other = kubeconfigWith("other", (config) => {
            delete config.clusters[0].cluster["certificate-authority-data"];
        });
        const { code, shown } = await validate("--kubeconfig", other);
        assert.equal(code, 1);
        const [first, ...rest] = shown;
        assert.equal(first?.check, "prerequisites");
        assert.match(
            first.message,
            /^the certificate of the API server https:\/\/127\.0\.0\.1:\d+ is not trusted \(/,
        );
        assert.ok(rest.every(({ message }) => message === "needs prerequisites, which failed"));
    });

    it("tells of credentials that count no longer", async () => {
        const expired = kubeconfigWith("expired", (config) => {
            config.users[0].user = { token: "not-a-real-token" };
        });
        const { code, shown } = await validate("--kubeconfig", expired);
        assert.equal(code, 1);
        assert.match(shown[0]?.message ?? "", / does not know who asks \(401 Unauthorized\)$/);
    });

    it("watches until all passes, and ends at Ctrl-C", async () => {
        const path =
            "/apis/autoscaling/v2/namespaces/spywatcher/horizontalpodautoscalers/spywatcher-backend-hpa";
        const setMax = (maxReplicas: number) =>
            server.send("PATCH", path, { spec: { maxReplicas } }, "application/merge-patch+json");
        await setMax(9);
        const args = ["validate", "local", "--watch", "0.5", "--only", "hpa-config"];
        const interrupted = startOps(args, { folder });
        const watching = startOps(args, { folder });
        for (const { output } of [interrupted, watching]) {
            await poll("it waits", 30, () => output().includes("not yet: hpa-config") || undefined);
        }
        interrupted.child.kill("SIGINT");
        assert.equal((await interrupted.result).code, 130);
        await setMax(10);
        const { code, stdout } = await watching.result;
        assert.equal(code, 0);
        assert.match(stdout, /3 pass, 0 fail, 0 warn, 0 skip\n$/);
    });
});
