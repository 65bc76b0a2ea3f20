import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { KubeConfig } from "@kubernetes/client-node";

import { type Phase, steady } from "../../ops/load/profile.ts";
import { chartSvg } from "../../ops/load/report/svg.ts";
import type { Run } from "../../ops/load/run.ts";
import type { Plan } from "../../ops/plan/model.ts";
import { loadModels } from "../../ops/simulation/model.ts";
import { simulate } from "../../ops/simulation/simulate.ts";
import type { SimulatedTier } from "../../ops/simulation/workspace.ts";

export interface Scenario {
    title: string;
    tier: SimulatedTier;
    profile: readonly Phase[];
    /** Seconds of the HPA's 15 that have passed when the load begins. Default: 0. */
    hold?: number;
}

const rate = (name: string, seconds: number, requests: number): Phase => steady(name, seconds, requests, 100);

/** From nothing to 100 requests per second, and down to 10. */
const spikeAndDrop = [rate("spike", 110, 100), rate("drop", 430, 10)];

export const scenarios = {
    spike: { title: "Spike from 0 to 100 requests/s, then 10", tier: "backend", profile: spikeAndDrop },
    spike4: { title: "Spike, 4 s after the HPA looked", tier: "backend", profile: spikeAndDrop, hold: 4 },
    spike8: { title: "Spike, 8 s after the HPA looked", tier: "backend", profile: spikeAndDrop, hold: 8 },
    spike12: { title: "Spike, 12 s after the HPA looked", tier: "backend", profile: spikeAndDrop, hold: 12 },
    overload: {
        title: "More than all pods can do",
        tier: "backend",
        profile: [rate("overload", 240, 1000)],
    },
    ramp: {
        title: "From 0 to 200 requests/s in five minutes",
        tier: "backend",
        profile: [{ name: "ramp", seconds: 300, from: 0, to: 200, connections: 100 }, rate("top", 60, 200)],
    },
    oscillation: {
        title: "40 and 120 requests/s in turn, half a minute each",
        tier: "backend",
        profile: Array.from({ length: 8 }, () => [rate("low", 30, 40), rate("high", 30, 120)]).flat(),
    },
    frontend: {
        title: "Frontend, from 0 to 100 requests/s, then 10",
        tier: "frontend",
        profile: spikeAndDrop,
    },
} as const satisfies Record<string, Scenario>;

/** Scenarios whose plots are in the documentation. */
const plotted: readonly string[] = ["spike", "overload", "ramp", "oscillation"];

export type ScenarioName = keyof typeof scenarios;

/** Runs all scenarios at the same time, each in a namespace of its own, with the plan's HPA. */
export async function runScenarios(
    config: KubeConfig,
    plan: Plan,
): Promise<Record<ScenarioName, PromiseSettledResult<Run>>> {
    const names = Object.keys(scenarios) as ScenarioName[];
    const runs = await Promise.allSettled(
        names.map(async (name) => {
            const { title, tier, profile, hold = 0 }: Scenario = scenarios[name];
            return simulate({
                config,
                label: title,
                plan,
                tier,
                model: loadModels[tier],
                namespace: `scenario-${name}`,
                profile,
                begin: () => sleep(hold * 1000),
            });
        }),
    );
    return Object.fromEntries(names.map((name, index) => [name, runs[index]])) as Record<
        ScenarioName,
        PromiseSettledResult<Run>
    >;
}

/** Writes the plots of a run to the folder that SPYWATCHER_FIGURES names, if it does. */
export function writeFigure(name: string, run: Run): void {
    const folder = process.env["SPYWATCHER_FIGURES"];
    if (folder === undefined || !plotted.includes(name)) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.svg`), chartSvg(run.label, [run]));
}
