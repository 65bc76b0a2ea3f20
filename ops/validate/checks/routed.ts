import type { V1Service } from "@kubernetes/client-node";

import { kinds, type Runner } from "../kinds.ts";
import type { Context } from "../model.ts";
import { selects } from "../pods.ts";

/** A Deployment whose pods the Ingress sends requests to, through a Service. */
export interface Routed {
    service: V1Service;
    deployment: Runner;
}

/** The Deployments that the Ingress leads to, with their Services. */
export function routes({ planned }: Pick<Context, "planned">): Routed[] {
    const names = new Set(
        planned
            .of(kinds.ingresses)
            .flatMap(({ spec }) => spec?.rules ?? [])
            .flatMap(({ http }) => http?.paths ?? [])
            .map(({ backend }) => backend.service?.name),
    );
    return planned
        .of(kinds.services)
        .filter(({ metadata }) => names.has(metadata?.name))
        .flatMap((service) =>
            planned
                .runners()
                .filter(({ spec }) =>
                    selects({ matchLabels: service.spec?.selector ?? {} }, spec?.template.metadata?.labels),
                )
                .map((deployment) => ({ service, deployment })),
        );
}

/** The Deployments whose pods the Ingress sends requests to. */
export function routedDeployments(context: Pick<Context, "planned">): Runner[] {
    return [...new Set(routes(context).map(({ deployment }) => deployment))];
}
