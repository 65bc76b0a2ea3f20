import type { Check } from "../model.ts";
import { budgets } from "./budgets.ts";
import { capacity } from "./capacity.ts";
import { deployments } from "./deployments.ts";
import { drain } from "./drain.ts";
import { endpoints } from "./endpoints.ts";
import { hpaConfig } from "./hpaConfig.ts";
import { hpaStatus } from "./hpaStatus.ts";
import { images } from "./images.ts";
import { ingress } from "./ingress.ts";
import { metricsApi } from "./metricsApi.ts";
import { monitoring } from "./monitoring.ts";
import { namespace } from "./namespace.ts";
import { plan } from "./plan.ts";
import { podMetrics } from "./podMetrics.ts";
import { probes } from "./probes.ts";
import { readinessGates } from "./readinessGates.ts";
import { requests } from "./requests.ts";
import { spread } from "./spread.ts";
import { targets } from "./targets.ts";

/** All checks, in the order they are shown: what others need comes first, the comparison with the plan last. */
export const checks: readonly Check[] = [
    namespace,
    metricsApi,
    hpaConfig,
    hpaStatus,
    deployments,
    probes,
    requests,
    images,
    endpoints,
    budgets,
    ingress,
    readinessGates,
    drain,
    podMetrics,
    spread,
    capacity,
    monitoring,
    targets,
    plan,
];
