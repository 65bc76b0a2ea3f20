import {
    type Dashboard,
    DashboardBuilder,
    DashboardCursorSync,
    type DashboardLink,
    DashboardLinkType,
    type PanelBuilder,
    RowBuilder,
    type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";

import { appLabel } from "../../kubernetes/labels.ts";
import type { DashboardArgs } from "./dashboardArgs.ts";

/** Panels under a heading. */
export interface Section {
    readonly title: string;
    /** From left to right and from top to bottom; the widths of each row add up to 24. */
    readonly panels: readonly PanelBuilder[];
}

export interface DashboardContent {
    /** End of the address, which stays the same for ever. */
    readonly slug: string;
    readonly title: string;
    /** Who looks at it, and when. */
    readonly description: string;
    readonly sections: readonly Section[];
    /** Default: none. */
    readonly variables?: readonly Builder<VariableModel>[];
    /** How often it is read anew. CloudWatch bills each metric that is read. Default: every minute. */
    readonly refresh?: "1m" | "5m";
}

function links({ runbookBase }: DashboardArgs["rules"]): Builder<DashboardLink>[] {
    // Not by the SDK's builder, which puts links into a menu.
    const link = (title: string, own: Partial<DashboardLink>): Builder<DashboardLink> => ({
        build: () => ({
            title,
            type: DashboardLinkType.Link,
            icon: "",
            tooltip: "",
            tags: [],
            asDropdown: false,
            targetBlank: false,
            includeVars: false,
            keepTime: false,
            ...own,
        }),
    });
    const others = link("Dashboards", {
        type: DashboardLinkType.Dashboards,
        tags: [appLabel],
        keepTime: true,
    });
    if (runbookBase === undefined) return [others];
    const url = `${runbookBase}/docs/RUNBOOKS.md`;
    return [others, link("Runbooks", { icon: "doc", url, targetBlank: true })];
}

/* eslint-disable @typescript-eslint/no-deprecated -- Grafana's sidecar takes files of this form only; what replaces it in the
   SDK (dashboardv2) is a resource of Grafana's API. */
const ClassicBuilder = DashboardBuilder;

/** A dashboard in the form that Grafana reads from files. */
export type ClassicDashboard = Dashboard;
/* eslint-enable @typescript-eslint/no-deprecated */

/** A dashboard with its heading, links and sections. */
export function dashboard(args: DashboardArgs, content: DashboardContent): ClassicDashboard {
    const made = new ClassicBuilder(`Spywatcher / ${content.title}`)
        .uid(`${appLabel}-${content.slug}`)
        .description(content.description)
        .tags([appLabel])
        .readonly()
        .tooltip(DashboardCursorSync.Crosshair)
        .time({ from: "now-6h", to: "now" })
        .refresh(content.refresh ?? "1m")
        .links(links(args.rules))
        .variables([...(content.variables ?? [])]);
    let id = 0;
    for (const { title, panels } of content.sections) {
        made.withRow(new RowBuilder(title).id(++id));
        for (const panel of panels) made.withPanel(panel.id(++id));
    }
    return made.build();
}
