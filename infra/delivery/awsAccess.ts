import type { Statement } from "../aws/policyDocument.ts";
import { clusterAccess } from "./access/cluster.ts";
import { dataAccess } from "./access/data.ts";
import { edgeAccess } from "./access/edge.ts";
import { monitoringAccess } from "./access/monitoring.ts";
import { networkAccess } from "./access/network.ts";
import type { Grant } from "./access/grants.ts";
import { type DeliveryScope, type Place, type PlaceName, places } from "./access/places.ts";

/**
 * The actions that each resource type needs: those which the AWS provider calls to make, read, change and delete it, and
 * which the services check at its caller. A type that the program registers and that is missing here fails a test.
 */
export const accessByType: Readonly<Record<string, readonly Grant[]>> = {
    ...networkAccess,
    ...clusterAccess,
    ...dataAccess,
    ...edgeAccess,
    ...monitoringAccess,
};

/** The ARNs of a place, or "*". */
export function resourcesAt(place: PlaceName, scope: DeliveryScope): string[] {
    const { resources }: Place = places[place];
    return [...new Set(scope.clusters.flatMap((cluster) => resources(scope, cluster)))];
}

/** Id of the statement about a place. */
export function statementId(place: PlaceName): string {
    return place.charAt(0).toUpperCase() + place.slice(1);
}

/** One statement for each place, with the actions of the given kinds that all types need there. */
export function accessStatements(scope: DeliveryScope, kinds: readonly ("read" | "write")[]): Statement[] {
    const grants = Object.values(accessByType).flat();
    return (Object.keys(places) as PlaceName[]).flatMap((place): Statement[] => {
        const actions = new Set(
            grants
                .filter(({ at }) => at === place)
                .flatMap((grant) => kinds.flatMap((kind) => grant[kind] ?? [])),
        );
        const resources = resourcesAt(place, scope);
        if (actions.size === 0 || resources.length === 0) return [];
        const { condition }: Place = places[place];
        return [
            {
                Sid: statementId(place),
                Effect: "Allow",
                Action: [...actions].sort(),
                Resource: resources,
                ...(condition && { Condition: condition(scope) }),
            },
        ];
    });
}
