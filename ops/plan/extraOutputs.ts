import { unknownText } from "./model.ts";

/** Outputs that a resource has beyond its inputs, by type; what is known only in the cloud prints as unknown. */
export const extraOutputs: Record<string, Record<string, unknown>> = {
    "kubernetes:networking.k8s.io/v1:Ingress": {
        status: { loadBalancer: { ingress: [{ hostname: unknownText }] } },
    },
};
