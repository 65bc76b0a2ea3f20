/** Prints medians, ratios and goals in one run; the first run builds what is missing, which is not measured. */
import { rmSync } from "node:fs";
import { join } from "node:path";

import Table from "cli-table3";

import { benchCluster } from "./cluster.ts";
import { median, repeat, runNode } from "./measure.ts";
import { planWorkloads } from "./planWorkloads.ts";

const project = join(import.meta.dirname, "..", "..");
const main = join(project, "ops", "main.ts");
const rows: [name: string, figure: string, goal: string, met: boolean][] = [];

function row(name: string, figure: string, goal: string, met: boolean): void {
    rows.push([name, figure, goal, met]);
    console.error(`${name}: ${figure} (goal ${goal}${met ? "" : ", not met"})`);
}

const sdks = ["pulumi", "aws", "awsx", "eks", "kubernetes"]
    .map((name) => `import "@pulumi/${name}";`)
    .join("");
const imports = await repeat(5, () => runNode(["--input-type=module", "--eval", sdks]));
const plans = await repeat(5, () => runNode([main, "plan", "local", "--json"]));
const importSeconds = median(imports.map(({ seconds }) => seconds));
const planSeconds = median(plans.map(({ seconds }) => seconds));
const planMemory = median(plans.map(({ memory }) => memory));
row(
    "plan of the largest environment against the bare import of the SDKs",
    `${planSeconds.toFixed(2)} s / ${importSeconds.toFixed(2)} s = ${(planSeconds / importSeconds).toFixed(2)}×`,
    "≤ 1.6×",
    planSeconds <= 1.6 * importSeconds,
);
row("memory of that plan", `${planMemory.toFixed(0)} MiB`, "≤ 300 MiB", planMemory <= 300);

await planWorkloads(10);
const perWorkload = new Map<number, number>();
for (const count of [1, 10, 100]) {
    perWorkload.set(count, median(await repeat(3, () => planWorkloads(count))) / count);
}
const figures = [...perWorkload].map(([count, ms]) => `${count}: ${ms.toFixed(1)} ms`).join(", ");
const hundred = perWorkload.get(100) ?? Number.NaN;
row("plan per workload (7 resources each), by number of workloads", figures, "≤ 5 ms at 100", hundred <= 5);

const suite = await runNode([join(project, "node_modules", "mocha", "bin", "mocha.js"), "--reporter", "dot"]);
row("mocha suite", `${suite.seconds.toFixed(1)} s`, "≤ 10 s", suite.seconds <= 10);

const cluster = await benchCluster(3);
row(
    "embedded cluster start, binaries cached",
    `${cluster.start.toFixed(1)} s`,
    "≤ 10 s",
    cluster.start <= 10,
);
row(
    "up from nothing to all ready, instant pods, against kubectl apply and wait",
    `${cluster.up.toFixed(1)} s / ${cluster.kubectl.toFixed(1)} s = ${(cluster.up / cluster.kubectl).toFixed(2)}×`,
    "≤ 3×",
    cluster.up <= 3 * cluster.kubectl,
);
row("second up", `${cluster.secondUp.toFixed(1)} s`, "≤ 5 s", cluster.secondUp <= 5);
rmSync(cluster.folder, { recursive: true });

const table = new Table({ head: ["Measured", "Median", "Goal", "Met"], style: { head: [], border: [] } });
table.push(...rows.map(([name, figure, goal, met]) => [name, figure, goal, met ? "yes" : "no"]));
console.log(table.toString());
