import type { ResourceRule } from "../rule.ts";
import { containers } from "./pods.ts";

const needed = [
    ["requests", "cpu"],
    ["requests", "memory"],
    ["limits", "memory"],
] as const;

/** Requests, which scaling and scheduling go by, and a limit of memory. */
export const resources: ResourceRule = {
    name: "container-has-resources",
    description:
        "Containers request CPU and memory, which scheduler and autoscaler go by, and have a limit of memory, so that one cannot take a node's.",
    check: (resource) =>
        containers(resource).flatMap(({ name = "?", resources: own }) =>
            needed.flatMap(([kind, what]) =>
                own?.[kind]?.[what] === undefined
                    ? [`container ${name} has no resources.${kind}.${what}`]
                    : [],
            ),
        ),
};
