import type { V1Container } from "@kubernetes/client-node";

import { describeDifferences, type Difference, differences } from "../differences.ts";
import { type Check, objectName, type Outcome, tell } from "../model.ts";

const probeNames = ["startupProbe", "readinessProbe", "livenessProbe"] as const;

/** Probes of a container that are not as planned. */
function changed(planned: V1Container, live: V1Container | undefined): Difference[] {
    const path = `spec.template.spec.containers[${planned.name}]`;
    return probeNames.flatMap((probe) => differences(planned[probe], live?.[probe], `${path}.${probe}`));
}

export const probes: Check = {
    name: "probes",
    title: "Containers have the planned startup, readiness and liveness probes.",
    needs: ["namespace"],
    run({ cluster, planned }) {
        return planned.runners().flatMap((runner): Outcome[] => {
            const containers = runner.spec?.template.spec?.containers ?? [];
            const probed = containers.filter((each) => probeNames.some((probe) => each[probe] !== undefined));
            const live = cluster.runner(runner);
            if (probed.length === 0 || !live) return [];
            const object = objectName(runner);
            const there = live.spec?.template.spec?.containers ?? [];
            const found = probed.flatMap((each) =>
                changed(
                    each,
                    there.find(({ name }) => name === each.name),
                ),
            );
            if (found.length > 0) {
                return [
                    {
                        object,
                        status: "fail",
                        message: describeDifferences(found),
                        remedy: "Bring the stack up: without them pods serve that cannot, or are never restarted.",
                        tells: tell(
                            object,
                            found.map(({ path }) => path),
                        ),
                    },
                ];
            }
            const names = probeNames.filter((probe) => probed.some((each) => each[probe] !== undefined));
            return [{ object, status: "pass", message: names.join(", ") }];
        });
    },
};
