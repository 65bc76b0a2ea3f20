import type { V1Container, V1PodSpec } from "@kubernetes/client-node";

import { kinds } from "../kinds.ts";
import { type Check, objectName, type Outcome, tell } from "../model.ts";
import { isSidecar, livePods } from "../pods.ts";

const resources = ["cpu", "memory"] as const;

interface Lacking {
    /** Field of the pod's specification that has the container. */
    field: "containers" | "initContainers";
    name: string;
    resources: string[];
}

/** Containers that go on for as long as the pod does and lack requests: sidecars, which are init containers, too. */
function lacking(pod: V1PodSpec | undefined): Lacking[] {
    const of = (field: Lacking["field"], containers: readonly V1Container[]): Lacking[] =>
        containers.map(({ name, resources: has }) => ({
            field,
            name,
            resources: resources.filter((each) => has?.requests?.[each] === undefined),
        }));
    return [
        ...of("containers", pod?.containers ?? []),
        ...of("initContainers", (pod?.initContainers ?? []).filter(isSidecar)),
    ].filter((each) => each.resources.length > 0);
}

export const requests: Check = {
    name: "requests",
    title: "Every container requests CPU and memory, in the template and in its pods, injected ones too.",
    needs: ["namespace"],
    run({ cluster, planned }) {
        const pods = cluster.list(kinds.pods);
        return planned.runners().flatMap((runner): Outcome[] => {
            const live = cluster.runner(runner);
            if (!live) return [];
            const object = objectName(runner);
            const template = lacking(live.spec?.template.spec);
            const running = livePods(pods, live.spec?.selector).flatMap(({ metadata, spec }) =>
                lacking(spec).map((each) => ({ ...each, pod: metadata?.name ?? "" })),
            );
            if (template.length + running.length === 0) {
                return [{ object, status: "pass", message: "cpu and memory everywhere" }];
            }
            const found = [
                ...template.map(
                    (each) => `container ${each.name} requests no ${each.resources.join(" and no ")}`,
                ),
                ...running.map(
                    (each) =>
                        `container ${each.name} of pod ${each.pod} requests no ${each.resources.join(" and no ")}`,
                ),
            ];
            return [
                {
                    object,
                    status: "fail",
                    message: found.join("; "),
                    remedy: "Bring the stack up, or give the injected container requests: utilisation is a share of them.",
                    tells: tell(
                        object,
                        template.map(({ field, name }) => `spec.template.spec.${field}[${name}].resources`),
                    ),
                },
            ];
        });
    },
};
