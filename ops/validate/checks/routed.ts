import { kinds, type Runner } from "../kinds.ts";
import type { Context } from "../model.ts";
import { selects } from "../pods.ts";

/** The Deployments whose pods the Ingress sends requests to. */
export function routedDeployments({ planned }: Pick<Context, "planned">): Runner[] {
    const names = new Set(
        planned
            .of(kinds.ingresses)
            .flatMap(({ spec }) => spec?.rules ?? [])
            .flatMap(({ http }) => http?.paths ?? [])
            .map(({ backend }) => backend.service?.name),
    );
    const services = planned.of(kinds.services).filter(({ metadata }) => names.has(metadata?.name));
    return planned
        .runners()
        .filter(({ spec }) =>
            services.some((service) =>
                selects({ matchLabels: service.spec?.selector ?? {} }, spec?.template.metadata?.labels),
            ),
        );
}
