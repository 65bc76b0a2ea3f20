import type { ResourceRule } from "../rule.ts";

/** No way in beside the Ingress. */
export const services: ResourceRule = {
    name: "service-stays-inside",
    description:
        "Services are reached inside the cluster only. The way in is the Ingress, with its certificate, web ACL and logs.",
    check: ({ type, props }) => {
        if (type !== "kubernetes:core/v1:Service") return [];
        const kind = (props["spec"]?.type ?? "ClusterIP") as string;
        return kind === "LoadBalancer" || kind === "NodePort" ? [`is of type ${kind}`] : [];
    },
};
