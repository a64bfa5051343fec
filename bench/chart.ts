// Charts as SVG, drawn by Apache ECharts without a browser: https://echarts.apache.org/handbook/en/how-to/cross-platform/server
import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { Chart } from "./figure.ts";

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

export function chartSvg({ title, labels, labelName, valueName, lines }: Chart): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: 720, height: 360 });
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    title: { text: title, left: "center" },
    legend: { bottom: 0 },
    grid: { left: 70, right: 30, top: 60, bottom: 80 },
    xAxis: {
      type: "category",
      data: [...labels],
      name: labelName,
      nameLocation: "middle",
      nameGap: 28,
    },
    yAxis: { type: "value", name: valueName },
    series: lines.map(({ name, values }) => ({ type: "line", name, data: [...values] })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
