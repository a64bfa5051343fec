// The picture of a chart, as SVG: the value as a line of steps, and below it a lane for each author with a tick for each of their changes. So it
// is told who changed it when, whether there are two changes or ten thousand. On a background of its own, for light and dark chats.
import { LineChart, type LineSeriesOption, ScatterChart } from "echarts/charts";
import { GridComponent, TitleComponent } from "echarts/components";
import { init, setPlatformAPI, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { Chart, ChartAuthor, ChartPoint } from "../model/chart.ts";
import { numberLabel, rangeText, roundSteps, timeLabels } from "./axis-labels.ts";
import { drawableText } from "./drawable-text.ts";
import { thinned } from "./thinned.ts";

use([LineChart, ScatterChart, GridComponent, TitleComponent, SVGRenderer]);
// There is no canvas to measure texts with. A character of Inter is so wide at the most, of its size, capitals aside.
const characterWidth = 0.62;
setPlatformAPI({
  measureText: (text, font) => ({
    width: text.length * characterWidth * Number(/(\d+)px/.exec(font ?? "")?.[1] ?? 12),
  }),
});

/** Sizes in points; a phone shows the picture some 360 wide. */
const width = 540;
const margin = 22;
const plotTop = 128;
const plotHeight = 230;
const lanesTop = plotTop + plotHeight + 50;
const laneHeight = 44;
const nameHeight = 22;
const tickWidth = 3;
const tickHeight = 12;
const axisSize = 14;
const lanesMax = 6;
/** More changes than the picture has pixels side by side cannot be told apart. */
const columnsMax = 500;
const titleCharsMax = 40;
const nowCharsMax = 24;
const nameCharsMax = 44;
/** A line shorter than this is drawn as long. */
const spanMsMin = 60_000;

const ink = "#111827";
const quiet = "#5b6472";
const rule = "#e4e7ec";
const track = "#f1f3f6";
/** All of them read well on white; told apart also by those who see fewer colours. */
const colours = ["#0b62c4", "#c2410c", "#0f7b4f", "#8b3fbf", "#8a6100", "#0e7490"] as const;

interface Lane {
  /** The keys of its authors. */
  readonly has: (author: ChartAuthor) => boolean;
  readonly name: string;
  readonly colour: string;
  readonly changes: readonly ChartPoint[];
}

/** @returns SVG whose fonts are not in it */
export function chartSvg(chart: Chart): string {
  const { untilMs, language } = chart;
  const fromMs = Math.min(chart.points[0]?.atMs ?? untilMs, untilMs - spanMsMin);
  const columnMs = (untilMs - fromMs) / columnsMax;
  const lanes = lanesOf(chart);
  const points = thinned(chart.points, columnMs);
  const values = points.flatMap(({ value }) => value ?? []);
  const steps = roundSteps(Math.min(...values), Math.max(...values));
  const labels = steps.map(numberLabel);
  const left =
    margin +
    widthOf(labels.toSorted((one, other) => other.length - one.length)[0] ?? "", axisSize) +
    8;
  const countText = new Intl.NumberFormat(language);
  const mark = markSize(chart.points.length);
  const dateLabel = timeLabels(language, untilMs - fromMs);
  const lanesHeight = lanes.length * laneHeight;
  const height = lanesTop + lanesHeight + (lanes.length === 0 ? 0 : margin / 2);
  const drawn = init(null, null, { renderer: "svg", ssr: true, width, height });
  // As it is told, whatever would fit better: both parts share the time.
  const sides = { left, right: margin, outerBoundsMode: "none" } as const;
  const time = { type: "time", min: fromMs, max: untilMs, splitNumber: 4 } as const;
  const hidden = { axisLine: { show: false }, axisTick: { show: false } } as const;
  drawn.setOption({
    animation: false,
    useUTC: true,
    backgroundColor: "#ffffff",
    textStyle: { fontFamily: "Inter" },
    title: [
      line(drawableText(chart.title, titleCharsMax, chart.subtitle), 20, 20, ink),
      line(drawableText(chart.now, nowCharsMax, ""), 47, 30, ink),
      line(
        `${drawableText(chart.subtitle, nameCharsMax, "")} · ${rangeText(language, fromMs, untilMs)}`,
        88,
        14,
        quiet,
        400,
      ),
      ...lanes.map(({ name, colour, changes }, index) =>
        line(
          `${name} · ${countText.format(changes.length)}`,
          lanesTop + index * laneHeight,
          15,
          colour,
        ),
      ),
    ],
    grid: [
      { ...sides, top: plotTop, height: plotHeight },
      { ...sides, top: lanesTop, height: Math.max(1, lanesHeight) },
    ],
    xAxis: [
      {
        ...time,
        ...hidden,
        gridIndex: 0,
        splitLine: { show: false },
        axisLabel: {
          // Parts of a text with styles of their own do not take those of the whole, and this axis has such parts.
          formatter: (atMs: number) => `{date|${dateLabel(atMs)}}`,
          rich: { date: { fontSize: axisSize, color: quiet } },
          margin: 10,
          hideOverlap: true,
        },
      },
      {
        ...time,
        ...hidden,
        gridIndex: 1,
        axisLabel: { show: false },
        splitLine: { show: false },
      },
    ],
    yAxis: [
      {
        type: "value",
        gridIndex: 0,
        min: steps[0] ?? 0,
        max: steps.at(-1) ?? 1,
        axisLabel: {
          formatter: numberLabel,
          fontSize: axisSize,
          color: quiet,
          customValues: [...steps],
        },
        splitLine: { show: true, lineStyle: { color: rule } },
        axisTick: { customValues: [...steps], show: false },
        interval: (steps[1] ?? 1) - (steps[0] ?? 0),
      },
      { type: "value", gridIndex: 1, min: 0, max: lanesHeight, inverse: true, show: false },
    ],
    series: [
      {
        type: "line",
        step: "end",
        symbol: "none",
        lineStyle: { color: ink, width: 2.5 },
        data: stepsOf(points, untilMs),
      },
      ...lanes.flatMap(({ colour, has, changes }, index) => [
        laneSeries({ color: track, width: tickHeight }, [
          [fromMs, tickTop(index) + tickHeight / 2],
          [untilMs, tickTop(index) + tickHeight / 2],
        ]),
        laneSeries(
          { color: colour, width: tickWidth },
          ticksOf(changes, columnMs).flatMap((atMs): [number, number | null][] => [
            [atMs, tickTop(index)],
            [atMs, tickTop(index) + tickHeight],
            [atMs, null],
          ]),
        ),
        {
          type: "scatter" as const,
          symbolSize: mark,
          itemStyle: { color: colour, opacity: 1, borderColor: "#ffffff", borderWidth: 1.5 },
          data: points.flatMap(({ atMs, value, by }) =>
            mark > 0 && value !== null && by !== null && has(by) ? [[atMs, value]] : [],
          ),
          z: 5,
        },
      ]),
    ],
  });
  const svg = drawn.renderToSVGString();
  drawn.dispose();
  return svg;
}

interface TextLine {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly padding: number;
  readonly textStyle: {
    readonly fontSize: number;
    readonly fontWeight: 400 | 600;
    readonly color: string;
  };
}

function line(
  text: string,
  top: number,
  fontSize: number,
  color: string,
  fontWeight: 400 | 600 = 600,
): TextLine {
  return { text, left: margin, top, padding: 0, textStyle: { fontSize, fontWeight, color } };
}

function tickTop(lane: number): number {
  return lane * laneHeight + nameHeight;
}

function laneSeries(
  style: { readonly color: string; readonly width: number },
  data: [number, number | null][],
): LineSeriesOption {
  return {
    type: "line",
    xAxisIndex: 1,
    yAxisIndex: 1,
    symbol: "none",
    lineStyle: { ...style, cap: "butt" },
    data,
  };
}

function widthOf(text: string, size: number): number {
  return text.length * characterWidth * size;
}

/** With very many changes the marks would hide the line; the ticks below stay. */
function markSize(points: number): number {
  if (points <= 20) return 13;
  return points <= 60 ? 9 : 0;
}

/** A line that ends where there is no number, and goes on to the end where there is one. */
function stepsOf(
  points: readonly ChartPoint[],
  untilMs: number,
): (readonly [number, number | null])[] {
  const steps: (readonly [number, number | null])[] = [];
  for (const { atMs, value } of points) {
    if (value === null) steps.push([atMs, steps.at(-1)?.[1] ?? null]);
    steps.push([atMs, value]);
  }
  return [...steps, [untilMs, points.at(-1)?.value ?? null]];
}

/** Those who changed it most often first; the rest together. */
function lanesOf({ points, others }: Chart): readonly Lane[] {
  const byKey = new Map<string, { readonly by: ChartAuthor; readonly changes: ChartPoint[] }>();
  for (const point of points) {
    if (point.by === null) continue;
    const known = byKey.get(point.by.key);
    if (known === undefined) byKey.set(point.by.key, { by: point.by, changes: [point] });
    else known.changes.push(point);
  }
  const authors = [...byKey.values()].toSorted(
    (one, other) => other.changes.length - one.changes.length,
  );
  const alone = authors.length <= lanesMax ? authors : authors.slice(0, lanesMax - 1);
  const lanes = alone.map(({ by, changes }, index) => ({
    has: (author: ChartAuthor) => author.key === by.key,
    name: drawableText(by.name, nameCharsMax, by.key),
    colour: colours[index] ?? quiet,
    changes,
  }));
  if (authors.length === alone.length) return lanes;
  const rest = authors.slice(alone.length);
  const restKeys = new Set(rest.map(({ by }) => by.key));
  return [
    ...lanes,
    {
      has: (author: ChartAuthor) => restKeys.has(author.key),
      name: others,
      colour: quiet,
      changes: rest.flatMap(({ changes }) => changes),
    },
  ];
}

/** One for each column of the picture in which something changed. */
function ticksOf(changes: readonly ChartPoint[], columnMs: number): readonly number[] {
  return [...new Set(changes.map(({ atMs }) => Math.round(atMs / columnMs)))].map(
    (column) => column * columnMs,
  );
}
