import { describeDifferences, differences } from "../differences.ts";
import { kinds } from "../kinds.ts";
import { absent, type Check, objectName, type Outcome, tell } from "../model.ts";

export const ingress: Check = {
    name: "ingress",
    title: "The Ingress has its class, its hosts with their backends, and the address of a load balancer.",
    needs: ["namespace"],
    run({ cluster, planned, config }) {
        return planned.of(kinds.ingresses).map((each): Outcome => {
            const object = objectName(each);
            const live = cluster.find(kinds.ingresses, each.metadata?.name);
            if (!live) return absent(object);
            const changed = differences(each.spec, live.spec, "spec");
            if (changed.length > 0) {
                return {
                    object,
                    status: "fail",
                    message: describeDifferences(changed),
                    remedy: "Bring the stack up, or change app.hosts.",
                    tells: tell(
                        object,
                        changed.map(({ path }) => path),
                    ),
                };
            }
            const [entry] = live.status?.loadBalancer?.ingress ?? [];
            const address = entry?.hostname ?? entry?.ip;
            if (address === undefined) {
                return {
                    object,
                    // Without waitForAddress nobody has promised a controller that gives one.
                    status: config.app.ingress.waitForAddress ? "fail" : "warn",
                    message: "has no address",
                    remedy: `Look at the controller's events: kubectl -n ${planned.namespace} describe ingress ${each.metadata?.name ?? ""}.`,
                };
            }
            const hosts = (live.spec?.rules ?? []).map(({ host = "*" }) => host);
            const message = `class ${live.spec?.ingressClassName ?? "none"}, ${hosts.join(", ")} at ${address}`;
            return { object, status: "pass", message };
        });
    },
};
