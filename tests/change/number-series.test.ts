// One number over the revisions of a config on a real disk.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { changedNumbers, numberSeries } from "../../src/change/number-series.ts";
import { listNumbers, numberAt, numbersAt } from "../../src/document/values/numbers.ts";
import { parseConfigId } from "../../src/model/config-id.ts";
import type { Config } from "../../src/model/config.ts";
import type { NumberReader } from "../../src/model/number-series.ts";
import { noRules } from "../../src/model/rules.ts";
import { openReadOnly } from "../../src/store/local/read-only-config.ts";
import { writeLongHistory } from "../long-history.ts";
import { anna, boris, openFixture } from "../store/local/config-fixture.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const reader: NumberReader = {
  numberAt: async (bytes, written) => numberAt(bytes, written),
  numbersAt: async (versions, written) => numbersAt(versions, written),
  listNumbers: async (versions) => listNumbers(versions),
};
const still = (): number => 0;

test("a series begins with the first version and has each change with its author", async () => {
  const fixture = await openFixture({ content: "a: 1\nb: 1\n" });
  await fixture.change("a: 2\nb: 1\n", { author: anna });
  await fixture.change("a: 2\nb: 7\n", { author: anna });
  await fixture.change("a: 2.0\nb: 7\n", { author: boris });
  await fixture.change("b: 7\n", { author: boris });
  await fixture.change("a: 5\nb: 7\n", { author: anna });
  const series = await numberSeries(fixture.live, "a", reader, still);
  expect(series).toMatchObject({ kind: "series", path: "a", leftOut: { kind: "nothing" } });
  expect(
    series.kind === "series" &&
      series.points.map(({ value, by }) => [value, by?.how, by?.author?.name]),
  ).toEqual([
    ["1", "found", undefined],
    ["2", "upload", "Anna"],
    [null, "upload", "Boris"],
    ["5", "upload", "Anna"],
  ]);
  expect(await changedNumbers(fixture.live, reader)).toEqual({
    paths: ["a", "b"],
    changed: 2,
    total: 2,
  });
});

test("an edit by hand that is in no history yet is the end of the series", async () => {
  const fixture = await openFixture({ content: "a: 1\n" });
  await writeFile(fixture.path, "a: 9\n");
  const series = await numberSeries(fixture.live, "a", reader, still);
  expect(
    series.kind === "series" && series.points.map(({ value, by }) => [value, by?.how]),
  ).toEqual([
    ["1", "found"],
    ["9", "edited"],
  ]);
});

test("what was pruned is left out, with the revision that the series begins with", async () => {
  const fixture = await openFixture({ content: "a: 1\n" });
  for (const value of [2, 3, 4, 5]) await fixture.change(`a: ${value}\n`, { backupsMax: 2 });
  const series = await numberSeries(fixture.live, "a", reader, still);
  expect(series).toMatchObject({ kind: "series", leftOut: { kind: "not_kept", from: 3 } });
  expect(
    series.kind === "series" && series.points.map(({ value, by }) => [value, by?.how]),
  ).toEqual([
    ["3", undefined],
    ["4", "upload"],
    ["5", "upload"],
  ]);
});

test("where a version in the middle is gone, nobody is named for what came after it", async () => {
  const fixture = await openFixture({ content: "a: 1\n" });
  for (const value of [2, 3, 4, 5]) await fixture.change(`a: ${value}\n`);
  const [, second] = await fixture.backupNames();
  await rm(join(fixture.folder, "backups", second ?? ""));
  const series = await numberSeries(fixture.live, "a", reader, still);
  expect(
    series.kind === "series" && series.points.map(({ value, by }) => [value, by?.how]),
  ).toEqual([
    ["1", "found"],
    [null, undefined],
    ["3", undefined],
    ["4", "upload"],
    ["5", "upload"],
  ]);
});

test("reading ends when its time is over, and the newest revisions are there", async () => {
  const fixture = await openFixture({ content: `a: 0 # ${"x".repeat(300_000)}\n` });
  for (const value of [1, 2, 3, 4, 5]) {
    await fixture.change(`a: ${value} # ${"x".repeat(300_000)}\n`);
  }
  let nowMs = 0;
  const series = await numberSeries(fixture.live, "a", reader, () => (nowMs += 1250));
  expect(series).toMatchObject({ kind: "series", leftOut: { kind: "too_much", from: 4 } });
});

test("a number that is gone still has its past; what never was one has none", async () => {
  const fixture = await openFixture({ content: "a: 1\nb: x\n" });
  await fixture.change("b: x\n");
  expect(await numberSeries(fixture.live, "a", reader, still)).toMatchObject({ kind: "series" });
  expect(await numberSeries(fixture.live, "b", reader, still)).toMatchObject({ kind: "no_number" });
  expect(await numberSeries(fixture.live, "c", reader, still)).toMatchObject({ kind: "nowhere" });
});

test("thousands of revisions are all in the series, each with its value and its author", async () => {
  const folder = await temporaryFolder();
  const [configDir, backupDir, stateDir] = [
    join(folder, "config"),
    join(folder, "backups"),
    join(folder, "state"),
  ];
  const revisions = 2500;
  // Some differ in more than numbers from the one before.
  const textOf = (revision: number): string =>
    `# note ${Math.floor(revision / 97)}\na: ${revision}.5\nb: [1, ${revision % 3}]\n`;
  await writeLongHistory({ configDir, backupDir, stateDir }, revisions, textOf);
  const id = parseConfigId("fees");
  if (id === undefined) throw new Error("fees is no config id");
  const path = join(configDir, "fees.yml");
  const config: Config = {
    id,
    fileName: "fees.yml",
    path,
    title: null,
    schema: "builtin:fees",
    rules: noRules,
  };
  const live = await openReadOnly(config, { backupDir, stateDir });
  const series = await numberSeries(live, "a", reader, still);
  if (series.kind !== "series") throw new Error(`it is ${series.kind}`);
  expect(series.leftOut).toEqual({ kind: "nothing" });
  expect(series.points.map(({ value, by }) => `${value} ${by?.author?.name}`)).toEqual(
    Array.from({ length: revisions }, (_, index) => {
      const name = ["Anna", "Boris", "Carol"][(index + 1) % 3];
      return `${index + 1}.5 ${name}`;
    }),
  );
});
