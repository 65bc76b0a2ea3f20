import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";

import { rdsRootCertificate } from "../../infra/data/aws/certificateAuthority.ts";
import { databaseUrl, type SslMode } from "../../infra/data/connectionUrls.ts";
import { problems } from "../support/configProblems.ts";
import { object, objects, planOf } from "../support/plans.ts";

const root = rdsRootCertificate("us-east-1") ?? "";
const otherRoot = rdsRootCertificate("us-east-2") ?? "";
const bot = { app: { bot: { enabled: true } } };
const external = (postgres: object) => ({
    data: {
        kind: "external",
        postgres: { host: "db.example.com", cidrs: ["10.9.0.0/16"], ...postgres },
        redis: { host: "cache.example.com", cidrs: ["10.9.0.0/16"] },
    },
});

/** Path at which each workload that connects has the certificate, and the ConfigMap it comes from. */
async function mounts(stack: string, change: object = {}): Promise<Record<string, string[]>> {
    const plan = await planOf(stack, { ...bot, ...change });
    const workloads = [...objects(plan, "Deployment"), ...objects(plan, "Job")].filter(
        ({ metadata }) => metadata.namespace === "spywatcher",
    );
    return Object.fromEntries(
        workloads.map(({ metadata, spec }) => {
            const { containers, volumes } = spec.template.spec;
            const named = ({ name }: { name: string }) => name === "database-ca";
            const mount = containers[0].volumeMounts.find(named);
            const volume = volumes.find(named);
            const found = mount ? [mount.mountPath, String(mount.readOnly), volume.configMap.name] : [];
            return [metadata.name.replace(/-[0-9a-f]{10}$/, ""), found];
        }),
    );
}

describe("the certificate authority of RDS", () => {
    it("is one root of the region, which may sign others", () => {
        for (const region of ["us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-central-1"]) {
            const pem = rdsRootCertificate(region) ?? "";
            assert.equal(pem.match(/BEGIN CERTIFICATE/g)?.length, 1);
            const { subject, ca, validTo } = new X509Certificate(pem);
            assert.match(subject, new RegExp(`^CN=Amazon RDS ${region} Root CA RSA2048 G1$`, "m"));
            assert.equal(ca, true);
            assert.ok(new Date(validTo).getFullYear() > 2060);
        }
    });

    it("is the one the instance's certificate comes from", async () => {
        const { resources } = await planOf("prod");
        const instance = resources.find(({ type }) => type === "aws:rds/instance:Instance");
        assert.equal(instance?.inputs["caCertIdentifier"], "rds-ca-rsa2048-g1");
    });

    it("is not known in other partitions", () => {
        assert.equal(rdsRootCertificate("cn-north-1"), undefined);
    });
});

describe("what connects to the database", () => {
    it("in AWS has the certificate where the URL says, and nothing else has", async () => {
        const plan = await planOf("prod", bot);
        const [configMap] = objects(plan, "ConfigMap").filter(({ data }) => data && "ca.pem" in data);
        const name = configMap?.metadata.name ?? "";
        assert.match(name, /^spywatcher-database-ca-[0-9a-f]{10}$/);
        assert.deepEqual(object(plan, "ConfigMap", name).data, { "ca.pem": root });
        const mounted = ["/etc/spywatcher/database-ca", "true", name];
        assert.deepEqual(await mounts("prod"), {
            "spywatcher-backend": mounted,
            "spywatcher-bot": mounted,
            "spywatcher-frontend": [],
            "spywatcher-schema": mounted,
        });
    });

    it("runs the schema job anew with another certificate", async () => {
        const jobs = async (caCertificate: string) =>
            objects(await planOf("prod", { data: { kind: "aws", postgres: { caCertificate } } }), "Job")
                .map(({ metadata }) => metadata.name)
                .filter((name) => name.startsWith("spywatcher-schema"));
        const [job] = await jobs(root);
        assert.deepEqual(await jobs(root), [job]);
        assert.notDeepEqual(await jobs(otherRoot), [job]);
    });

    it("elsewhere has one when it is given, and in the cluster none", async () => {
        const given = await mounts("prod", external({ sslMode: "verify-full", caCertificate: otherRoot }));
        assert.equal(given["spywatcher-backend"]?.[0], "/etc/spywatcher/database-ca");
        assert.deepEqual((await mounts("prod", external({})))["spywatcher-backend"], []);
        assert.deepEqual((await mounts("local"))["spywatcher-schema"], []);
    });
});

describe("the URL of the database", () => {
    const query = (sslMode: SslMode, caFile?: string): string =>
        new URL(
            databaseUrl({
                host: "db.example.com",
                port: 5432,
                database: "spywatcher",
                user: "spywatcher",
                password: "not-a-real-password",
                connectionLimit: 5,
                poolTimeoutSeconds: 20,
                connectTimeoutSeconds: 10,
                sslMode,
                caFile,
            }),
        ).search;
    const pool = "connection_limit=5&pool_timeout=20&connect_timeout=10";

    it("says in Prisma's words how to verify, since it takes libpq's for none", () => {
        for (const mode of ["verify-ca", "verify-full"] as const) {
            assert.equal(query(mode), `?sslmode=require&sslaccept=strict&${pool}`);
            assert.equal(
                query(mode, "/ca.pem"),
                `?sslmode=require&sslaccept=strict&sslcert=%2Fca.pem&${pool}`,
            );
        }
    });

    it("leaves the other modes as they are", () => {
        for (const mode of ["disable", "prefer", "require"] as const) {
            assert.equal(query(mode), `?sslmode=${mode}&${pool}`);
        }
    });
});

describe("the configuration of the database's certificate", () => {
    const wrong = (value: string) => [
        `spywatcher:data.postgres.caCertificate: must be one certificate of a certificate authority as PEM, not a bundle (is ${value})`,
    ];
    const inAws = (caCertificate: string) => ({ data: { kind: "aws", postgres: { caCertificate } } });

    it("refuses a bundle, of which only the first would count", () => {
        const bundle = `${root}\n${otherRoot}`;
        assert.deepEqual(problems(inAws(bundle)), wrong(`${JSON.stringify(bundle).slice(0, 77)}…`));
    });

    it("refuses what is no certificate", () => {
        assert.deepEqual(problems(inAws("rds-ca-rsa2048-g1")), wrong('"rds-ca-rsa2048-g1"'));
    });

    it("asks for one in a region whose authority is not known", () => {
        const change = {
            aws: { region: "mx-central-1" },
            network: { kind: "create", availabilityZones: ["mx-central-1a", "mx-central-1b"] },
        };
        assert.deepEqual(
            problems(change).filter((line) => line.includes("caCertificate")),
            [
                'spywatcher:data.postgres.caCertificate: is required in mx-central-1, whose certificate authority is not known here: the root "RSA2048 G1" of the region\'s bundle (RDS User Guide, "Using SSL/TLS")',
            ],
        );
        assert.deepEqual(
            problems({ ...change, ...inAws(root) }).filter((line) => line.includes("caCertificate")),
            [],
        );
    });

    it("refuses one that nothing looks at", () => {
        assert.deepEqual(problems(external({ caCertificate: root })), [
            "spywatcher:data.postgres.sslMode: must be verify-full with caCertificate: no other mode looks at it",
        ]);
        assert.deepEqual(problems(external({ caCertificate: root, sslMode: "verify-full" })), []);
    });
});
