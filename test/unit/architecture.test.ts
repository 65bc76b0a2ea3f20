import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describeArchitecture } from "../../ops/architecture/describe.ts";
import {
    architectureFiles,
    documentPath,
    picturePath,
    shownStacks,
    withGenerated,
} from "../../ops/architecture/document.ts";
import { type Architecture, boxesOf, frame } from "../../ops/architecture/model.ts";
import { dotSource, drawArchitecture } from "../../ops/architecture/picture.ts";
import { layersTable, sizesTable } from "../../ops/architecture/tables.ts";
import { OperationError } from "../../ops/errors.ts";
import type { Plan } from "../../ops/plan/model.ts";
import { planOf, projectFolder } from "../support/plans.ts";
import { planOfSketches, type ResourceSketch } from "../support/syntheticPlans.ts";

function read(path: string): string {
    return readFileSync(join(projectFolder, path), "utf8");
}

async function plansShown(): Promise<Plan[]> {
    const plans: Plan[] = [];
    for (const stack of shownStacks) plans.push(await planOf(stack));
    return plans;
}

/** The boxes of a plan's picture: title, then lines. */
function boxes(plan: Plan): string[][] {
    return boxesOf(describeArchitecture(plan).root).map(({ title, lines }) => [title, ...lines]);
}

function policy(name: string, ports: number[], cidr = "10.9.0.0/24"): ResourceSketch {
    return {
        type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        name,
        inputs: {
            metadata: { name },
            spec: { egress: ports.map((port) => ({ to: [{ ipBlock: { cidr } }], ports: [{ port }] })) },
        },
    };
}

const backend: ResourceSketch = {
    type: "kubernetes:apps/v1:Deployment",
    name: "backend",
    inputs: {
        metadata: { name: "backend", namespace: "x" },
        spec: {
            replicas: 3,
            template: { spec: { containers: [{ resources: { requests: { cpu: "250m", memory: "1Gi" } } }] } },
        },
    },
};

const gateway: ResourceSketch = { type: "aws:ec2/natGateway:NatGateway", name: "gateway" };

describe("docs/ARCHITECTURE.md and its pictures", function () {
    // Two plans and two pictures, on a machine that may be busy.
    this.timeout(60_000);

    it("are what the plans say (else run `npm run docs:architecture`)", async () => {
        const files = await architectureFiles(await plansShown(), read(documentPath));
        assert.deepEqual([...files.keys()], [...shownStacks.map(picturePath), documentPath]);
        for (const [path, content] of files) assert.equal(read(path), content, path);
    });

    it("are made anew where the document was changed by hand", async () => {
        const document = read(documentPath);
        const changed = document.replace("| NAT gateways | 1 | 3 |", "| NAT gateways | 1 | 2 |");
        assert.notEqual(changed, document);
        const files = await architectureFiles(await plansShown(), changed);
        assert.equal(files.get(documentPath), document);
    });
});

describe("generated parts of a document", () => {
    const text = "a\n<!-- generated: one -->\nold\n<!-- end -->\nb\n";

    it("replace what is between their marks, and only that", () => {
        const once = withGenerated(text, new Map([["one", "new $&"]]));
        assert.equal(
            once,
            "a\n<!-- generated: one -->\n<!-- prettier-ignore-start -->\n\nnew $&\n\n<!-- prettier-ignore-end -->\n<!-- end -->\nb\n",
        );
        assert.equal(withGenerated(once, new Map([["one", "new $&"]])), once);
    });

    it("need a place each, and each place a part", () => {
        assert.throws(
            () =>
                withGenerated(
                    text,
                    new Map([
                        ["one", ""],
                        ["two", ""],
                    ]),
                ),
            new OperationError(
                "The text has no place for two: add <!-- generated: NAME --> and <!-- end -->.",
            ),
        );
        assert.throws(
            () => withGenerated(text, new Map()),
            new OperationError("Nothing is generated under the name one."),
        );
    });
});

describe("the picture of a plan", () => {
    it("shows sizes, versions and address ranges of prod", async () => {
        const plan = await planOf("prod");
        const found = boxes(plan);
        for (const box of [
            [
                "Application Load Balancer",
                "spywatcher.example.com",
                "api.spywatcher.example.com",
                "internet-facing, TLS 1.2 or newer",
            ],
            ["3 NAT gateways", "one in each zone", "one fixed address each"],
            ["spywatcher-backend", "HPA 2–10 pods", "500m, 512 MiB each"],
            ["spywatcher-frontend", "HPA 2–5 pods", "100m, 128 MiB each"],
            [
                "EKS control plane",
                "spywatcher-prod",
                "Kubernetes 1.36",
                "API from the VPC and 203.0.113.0/24",
            ],
        ]) {
            assert.deepEqual(
                found.find(([title]) => title === box[0]),
                box,
            );
        }
        const source = dotSource(describeArchitecture(plan));
        assert.ok(source.includes("VPC 10.0.0.0/16, zones us-east-1a, us-east-1b, us-east-1c"));
        assert.ok(source.includes("Node group system: 3 × m7i-flex.large,"));
    });

    it("leaves out the layers that a plan does not have", async () => {
        const plan = await planOf("local");
        assert.deepEqual(
            boxes(plan).map(([title]) => title),
            [
                "Users",
                "Discord",
                "Application Load Balancer",
                "spywatcher-backend",
                "spywatcher-frontend",
                "schema job",
                "PostgreSQL",
                "Redis",
            ],
        );
        const source = dotSource(describeArchitecture(plan));
        assert.equal(source.includes("AWS"), false);
        assert.ok(source.includes("Existing cluster local"));
    });

    it("draws what pods may reach: data stores by their ports, Discord by the NAT gateway", () => {
        const arrows = (...sketches: ResourceSketch[]) =>
            dotSource(describeArchitecture(planOfSketches([backend, ...sketches])))
                .split("\n")
                .filter((line) => line.includes("->") && !line.includes("invis"))
                .map((line) => line.replace(/ \[.*/, ""));
        const reaching = policy("backend", [5432, 443]);
        assert.deepEqual(arrows(reaching, gateway), [
            '"workload-backend" -> "postgres"',
            '"nat" -> "workload-backend"',
            '"discord" -> "nat"',
        ]);
        assert.deepEqual(arrows(reaching), [
            '"workload-backend" -> "postgres"',
            '"discord" -> "workload-backend"',
        ]);
        assert.deepEqual(arrows(policy("backend", [53])), []);
    });

    it("shows managed data stores instead of existing ones", () => {
        const database: ResourceSketch = {
            type: "aws:rds/instance:Instance",
            name: "database",
            inputs: {
                instanceClass: "db.m7g.large",
                allocatedStorage: 100,
                multiAz: true,
                engineVersion: "17",
            },
        };
        const both = policy("backend", [5432, 6379]);
        assert.deepEqual(boxes(planOfSketches([both])).slice(2), [
            ["PostgreSQL", "exists already, not made here", "10.9.0.0/24"],
            ["Redis", "exists already, not made here", "10.9.0.0/24"],
        ]);
        assert.deepEqual(boxes(planOfSketches([both, database])).slice(2), [
            ["RDS PostgreSQL 17", "db.m7g.large, 100 GiB", "standby in another zone"],
        ]);
    });

    it("does not hang on the order of registration", () => {
        const sketches = [backend, gateway, policy("backend", [443]), policy("other", [5432])];
        assert.equal(
            dotSource(describeArchitecture(planOfSketches(sketches))),
            dotSource(describeArchitecture(planOfSketches(sketches.toReversed()))),
        );
    });

    it("is an SVG with each title, special characters escaped, and no arrow without an end", async () => {
        const architecture: Architecture = {
            root: frame("root", "", {
                boxes: [{ id: "a", kind: "data", title: "A & <B>", lines: ["one, two", ""] }],
                frames: [frame("empty", "Nothing here", { frames: [frame("inner", "Nor here", {})] })],
            }),
            arrows: [{ from: "a", to: "gone", label: "lost", kind: "traffic" }],
            columns: [["a", "gone"]],
        };
        const svg = await drawArchitecture(architecture);
        assert.match(svg, /^<\?xml /);
        assert.match(svg, /font-weight="bold"[^>]*>A &amp; &lt;B&gt;<\/text>/);
        assert.match(svg, />one, two<\/text>/);
        for (const absent of ["gone", "lost", "Nothing here", "Nor here"]) {
            assert.equal(svg.includes(absent), false, absent);
        }
    });
});

describe("tables of a plan", () => {
    it("list sizes side by side", () => {
        const lines = sizesTable([planOfSketches([backend, gateway]), planOfSketches([])]).split("\n");
        assert.deepEqual(lines[0], "|  | `test` | `test` |");
        assert.ok(lines.includes("| NAT gateways | 1 | 0 |"));
        assert.ok(lines.includes("| Pods of backend | 3 | – |"));
        assert.ok(lines.includes("| First creation, typically | 1:50 min | 0:00 min |"));
        assert.ok(lines.includes("| USD a month, about | 33 | 0 |"));
    });

    it("list components by layer, lowest first, and what has none", () => {
        const component = (type: string, name: string): ResourceSketch => ({ type, name, component: true });
        assert.equal(
            layersTable(
                planOfSketches([
                    component("spywatcher:app:Application", "app"),
                    { ...backend, parent: "app" },
                    component("spywatcher:network:Vpc", "network"),
                    { ...component("spywatcher:network:FlowLog", "log"), parent: "network" },
                    { type: "aws:ec2/eip:Eip", name: "e1", parent: "network" },
                    { type: "aws:ec2/eip:Eip", name: "e2", parent: "log" },
                    component("spywatcher:data:ExternalData", "data"),
                    { type: "aws:kms/key:Key", name: "key" },
                    { type: "pulumi:providers:aws", name: "aws" },
                ]),
            ),
            [
                "| Layer | Component | Resources |",
                "| --- | --- | --- |",
                "| network | `network` | 2 Eip |",
                "| app | `app` | Deployment |",
                "|  | of the stack itself | Key |",
            ].join("\n"),
        );
    });
});
