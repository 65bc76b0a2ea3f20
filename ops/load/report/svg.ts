import { init } from "echarts";

import type { Run } from "../run.ts";
import { chartOption, chartSize } from "./chart.ts";

/** The plots as an SVG document. */
export function chartSvg(title: string, runs: readonly Run[]): string {
    const chart = init(null, null, { renderer: "svg", ssr: true, ...chartSize });
    try {
        chart.setOption(chartOption(title, runs));
        return chart.renderToSVGString();
    } finally {
        chart.dispose();
    }
}
