import { kinds } from "../kinds.ts";
import { absent, type Check, objectName, tell } from "../model.ts";
import { isReady, livePods } from "../pods.ts";

const serviceLabel = "kubernetes.io/service-name";

export const endpoints: Check = {
    name: "endpoints",
    title: "Every ready pod is a ready endpoint of its Service, by its EndpointSlices.",
    needs: ["namespace"],
    run({ cluster, planned }) {
        const pods = cluster.list(kinds.pods);
        const slices = cluster.list(kinds.endpointSlices);
        return planned.of(kinds.services).map((service) => {
            const object = objectName(service);
            const name = service.metadata?.name ?? "";
            if (!cluster.find(kinds.services, name)) return absent(object);
            const expected = livePods(pods, { matchLabels: service.spec?.selector ?? {} }).filter(
                isReady,
            ).length;
            // A pod with two address families is in two slices.
            const ready = new Set(
                slices
                    .filter(({ metadata }) => metadata?.labels?.[serviceLabel] === name)
                    .flatMap((slice) => slice.endpoints ?? [])
                    .filter(({ conditions }) => conditions?.ready !== false)
                    .map(({ targetRef, addresses }) => targetRef?.uid ?? addresses[0]),
            ).size;
            if (ready === 0 || ready < expected) {
                return {
                    object,
                    status: "fail",
                    message: `${ready} ready endpoints, ${expected} ready pods`,
                    remedy: `Compare its selector with the pods' labels: kubectl -n ${planned.namespace} describe service ${name}.`,
                    tells: tell(object, ["spec.selector", "spec.ports"]),
                };
            }
            return { object, status: "pass", message: `${ready} ready endpoints` };
        });
    },
};
