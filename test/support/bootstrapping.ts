import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { bootstrap } from "../../bootstrap/bootstrap.ts";
import { parseBootstrapConfig } from "../../bootstrap/parseBootstrapConfig.ts";
import type { BootstrapConfig } from "../../bootstrap/schema.ts";
import type { Plan } from "../../ops/plan/model.ts";
import { record } from "../../ops/plan/record.ts";
import { projectFolder } from "./plans.ts";

/** What is below `spywatcher:` in the stack file of the bootstrap project, with some sections changed. */
export function rawBootstrapConfig(change: Record<string, unknown> = {}): Record<string, unknown> {
    const file = readFileSync(join(projectFolder, "bootstrap", "Pulumi.main.yaml"), "utf8");
    const { config } = parse(file) as { config: Record<string, unknown> };
    const raw = Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key.replace("spywatcher:", ""), value]),
    );
    for (const [key, value] of Object.entries(change)) {
        const section = raw[key];
        raw[key] =
            typeof value === "object" && !Array.isArray(value) && typeof section === "object"
                ? { ...section, ...value }
                : value;
    }
    return raw;
}

/** The configuration in the stack file of the bootstrap project, with some sections changed. */
export function bootstrapConfig(change: Record<string, unknown> = {}): BootstrapConfig {
    return parseBootstrapConfig(rawBootstrapConfig(change));
}

/** What the bootstrap project registers. */
export function bootstrapPlan(change: Record<string, unknown> = {}): Promise<Plan> {
    const config = bootstrapConfig(change);
    return record("spywatcher-bootstrap", "main", () => Promise.resolve(bootstrap(config)));
}
