import { autoscaling } from "./autoscaling.ts";
import { capacity } from "./capacity.ts";
import type { ClassicDashboard } from "./dashboard.ts";
import type { DashboardArgs } from "./dashboardArgs.ts";
import { dataStores } from "./dataStores.ts";
import { loadBalancer } from "./loadBalancer.ts";
import { overview } from "./overview.ts";
import { rollouts } from "./rollouts.ts";

/** All dashboards there is something to show on. */
export function dashboards(args: DashboardArgs): ClassicDashboard[] {
    return [
        overview(args),
        autoscaling(args),
        rollouts(args),
        loadBalancer(args),
        ...(args.stores ? [dataStores(args, args.stores)] : []),
        capacity(args),
    ];
}
