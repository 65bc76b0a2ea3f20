import type { Problem } from "../problems.ts";
import type { Config } from "../schema/index.ts";
import * as application from "./application.ts";
import * as cloud from "./cloud.ts";
import * as edge from "./edge.ts";
import * as monitoring from "./monitoring.ts";
import * as data from "./data.ts";
import * as nodes from "./nodes.ts";
import * as platform from "./platform.ts";
import * as routing from "./routing.ts";

const checks: ((config: Config) => Problem[])[] = [
    ...Object.values(application),
    ...Object.values(cloud),
    ...Object.values(edge),
    ...Object.values(monitoring),
    ...Object.values(data),
    ...Object.values(nodes),
    ...Object.values(platform),
    ...Object.values(routing),
];

/** Every combination of keys that is impossible although each key by itself is allowed. */
export function crossChecks(config: Config): Problem[] {
    return checks.flatMap((check) => check(config));
}
