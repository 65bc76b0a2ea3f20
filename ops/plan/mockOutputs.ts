import { unknownText } from "./model.ts";

/** Outputs that a resource has beyond its inputs, by type; what is known only in the cloud prints as unknown. */
const extraOutputs: Record<string, Record<string, unknown>> = {
    "kubernetes:networking.k8s.io/v1:Ingress": {
        status: { loadBalancer: { ingress: [{ hostname: unknownText }] } },
    },
};

/** What a resource of that type outputs once it exists. */
export function mockOutputs(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
    return { ...inputs, ...extraOutputs[type] };
}
