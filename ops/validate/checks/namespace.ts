import { kinds } from "../kinds.ts";
import { absent, type Check } from "../model.ts";

export const namespace: Check = {
    name: "namespace",
    title: "The application's namespace exists and is not being deleted.",
    run({ cluster, planned }) {
        const name = planned.namespace;
        const object = `Namespace ${name}`;
        const found = cluster.find(kinds.namespaces, name);
        if (!found) {
            const remedy =
                "Bring the stack up, or name the right one: app.namespace, or the variable NAMESPACE.";
            return [absent(object, remedy)];
        }
        if (found.status?.phase === "Terminating") {
            const remedy = "Look at its conditions for what holds it: kubectl describe namespace.";
            return [{ object, status: "fail", message: "is being deleted", remedy }];
        }
        return [{ object, status: "pass", message: "is there" }];
    },
};
