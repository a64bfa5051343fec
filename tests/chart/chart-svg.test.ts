// Pictures of charts, looked at as far as a program can: what is written in them, how large they are, and that they can be drawn at all.
import { expect, test } from "vitest";
import { numberLabel, roundSteps } from "../../src/chart/axis-labels.ts";
import { pngOf } from "../../src/chart/chart-png.ts";
import { chartSvg } from "../../src/chart/chart-svg.ts";
import { drawableText } from "../../src/chart/drawable-text.ts";
import { thinned } from "../../src/chart/thinned.ts";
import type { Chart, ChartPoint } from "../../src/model/chart.ts";

const startMs = Date.UTC(2026, 9, 1);
const hourMs = 60 * 60_000;
const authors = ["Anna", "Борис", "Carol", "Dan", "Eve", "Fay", "Gus", "Hal"].map((name) => ({
  key: `id of ${name}`,
  name,
}));

function chartOf(values: readonly (number | null)[], more: Partial<Chart> = {}): Chart {
  const points = values.map((value, index): ChartPoint => {
    const by = authors[index % authors.length] ?? null;
    return { atMs: startMs + index * hourMs, value, by };
  });
  return {
    title: "maker_percent",
    now: "0.09",
    subtitle: "fees.yml",
    points,
    untilMs: startMs + values.length * hourMs,
    others: "Others",
    language: "en",
    ...more,
  };
}

/** Every text of the picture, in its order. */
function textsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? "");
}

test("a chart says what it shows, since when, and who changed it how often", () => {
  const texts = textsOf(chartSvg(chartOf([0.08, 0.09, 0.1])));
  for (const text of [
    "maker_percent",
    "0.09",
    "fees.yml · 1 Oct 2026, 00:00–03:00, UTC",
    "Anna · 1",
    "Борис · 1",
    "Carol · 1",
  ]) {
    expect(texts.map((each) => each.replaceAll(/\s*–\s*/g, "–"))).toContain(text);
  }
});

test("whoever changed it least often is among the others", () => {
  const values = Array.from({ length: 21 }, (_, index) => index);
  const texts = textsOf(chartSvg(chartOf(values)));
  // Five of them three times, three twice.
  for (const text of ["Anna · 3", "Eve · 3", "Others · 6"]) expect(texts).toContain(text);
  expect(texts).not.toContain("Gus · 2");
});

test("each of ten thousand changes is counted, whoever made it", () => {
  const values = Array.from({ length: 10_000 }, (_, index) => index % 1009);
  const counts = textsOf(chartSvg(chartOf(values))).flatMap((text) => {
    const count = / · ([\d,]+)$/.exec(text)?.[1];
    return count === undefined ? [] : [Number(count.replace(",", ""))];
  });
  expect(counts).toEqual([1250, 1250, 1250, 1250, 1250, 3750]);
});

for (const { name, values } of [
  { name: "one value", values: [0.08] },
  { name: "zero alone", values: [0, 0] },
  { name: "negative values", values: [-1, -3, 2] },
  { name: "huge values", values: [9e18, 1.7e308, -1.7e308] },
  { name: "tiny values", values: [5e-324, 2e-12, 1e-9] },
  { name: "a gap at the start, in the middle and at the end", values: [null, 1, null, 2, null] },
  {
    name: "ten thousand values",
    values: Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 10_007),
  },
]) {
  test(`${name} can be drawn, in a picture that Telegram takes`, () => {
    const svg = chartSvg(chartOf(values));
    expect(svg).not.toMatch(/NaN|Infinity/);
    const png = Buffer.from(pngOf(svg));
    expect(png.toString("latin1", 1, 4)).toBe("PNG");
    expect(png.readUInt32BE(16)).toBe(1080);
    expect(png.length).toBeLessThan(300_000);
  });
}

test("dates are in the reader's language", () => {
  const texts = textsOf(chartSvg(chartOf([1, 2, 3], { language: "ru" }))).join("\n");
  expect(texts).toContain("окт. 2026");
});

for (const { name, text, drawn } of [
  {
    name: "Latin, Cyrillic and Greek letters stay",
    text: "Zoë Ångström, Олег, Ωμέγα",
    drawn: "Zoë Ångström, Олег, Ωμέγα",
  },
  { name: "an emoji is left out", text: "Boris 🚀", drawn: "Boris" },
  { name: "a name in another alphabet is told otherwise", text: "李小龍", drawn: "id 1003" },
  { name: "a name of signs stays", text: "***", drawn: "***" },
  { name: "a long name is shortened", text: "x".repeat(50), drawn: `${"x".repeat(29)}…` },
]) {
  test(`in a chart ${name}`, () => {
    expect(drawableText(text, 30, "id 1003")).toBe(drawn);
  });
}

for (const { lowest, highest, steps } of [
  {
    lowest: 0.08,
    highest: 0.09,
    steps: ["0.075", "0.08", "0.085", "0.09", "0.095"],
  },
  { lowest: 4, highest: 4, steps: ["2", "3", "4", "5", "6"] },
  { lowest: 0, highest: 0, steps: ["-1", "-0.5", "0", "0.5", "1"] },
  {
    lowest: 12_000_000,
    highest: 12_000_500,
    steps: ["11,999,800", "12,000,000", "12,000,200", "12,000,400", "12,000,600"],
  },
]) {
  test(`from ${lowest} to ${highest} an axis has round numbers`, () => {
    expect(roundSteps(lowest, highest).map(numberLabel)).toEqual(steps);
  });
}

test("of many changes in one column the first, lowest, highest and last are drawn", () => {
  const point = (value: number, index: number): ChartPoint => ({ atMs: index, value, by: null });
  const points = [5, 6, 1, 2, 9, 3, 4].map(point);
  expect(thinned(points, 100).map(({ value }) => value)).toEqual([5, 1, 9, 4]);
  expect(thinned(points, 1)).toEqual(points);
});
