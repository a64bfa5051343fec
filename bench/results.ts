// Tells results: as text, as bench/results.md, and as charts.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { cpus, release, tmpdir, totalmem, type } from "node:os";
import { basename } from "node:path";
import { chartSvg } from "./chart.ts";
import type { Figure, FigureResult, Table } from "./figure.ts";

export function figureText({ id, title, about }: Figure, result: FigureResult): string {
  const verdicts = result.verdicts.map(({ text, holds }) => `- ${holds ? "✓" : "✗"} ${text}`);
  const chart = result.chart === undefined ? [] : ["", `![${result.chart.title}](${id}.svg)`];
  return [
    `## ${title}`,
    "",
    about,
    "",
    tableText(result.table),
    "",
    ...verdicts,
    ...chart,
    "",
  ].join("\n");
}

function tableText({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Writes bench/results.md and its charts, in the working folder. */
export async function writeResults(
  results: ReadonlyMap<Figure, FigureResult>,
  repeats: number,
): Promise<void> {
  const texts = [...results].map(([figure, result]) => figureText(figure, result));
  const head = [
    "# Measurements",
    "",
    `By \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${await machineText()}; ${repeats} repeats, of which the median is given, with the least and the most.`,
    "All comparisons are within this one run. ✓ and ✗ say what must hold.",
    "",
  ];
  await writeFile("bench/results.md", [...head, ...texts].join("\n"));
  for (const [{ id }, { chart }] of results) {
    if (chart !== undefined) await writeFile(`bench/${id}.svg`, chartSvg(chart));
  }
}

/** Writes bench/machines.md, in the working folder. */
export async function writeMachines(results: ReadonlyMap<Figure, FigureResult>): Promise<void> {
  const [etcd = ""] = spawnSync("etcd", ["--version"], { encoding: "utf8" }).stdout.split("\n");
  const head = [
    "# Several machines, measured",
    "",
    `By \`npm run bench -- machines\` on ${new Date().toISOString().slice(0, 10)}: ${await machineText()}; ${etcd}. Everything runs on one host: nodes of etcd that wait for one disk, bots, machines,`,
    "and the Telegram that they answer in. Apart they would wait for a network, and not for one another. ✓ and ✗ say what must hold.",
    "",
  ];
  const texts = [...results].map(([figure, result]) => figureText(figure, result));
  const paper = await readFile("bench/machines/on-paper.md", "utf8");
  await writeFile("bench/machines.md", [...head, ...texts, paper].join("\n"));
}

async function machineText(): Promise<string> {
  const cores = cpus();
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  const lock: unknown = JSON.parse(await readFile("package-lock.json", "utf8"));
  const versions = ["grammy", "yaml", "js-yaml"].map((name) => `${name} ${versionOf(lock, name)}`);
  return [
    `${type()} ${release().split("-")[0]}`,
    `${cores.length} × ${cores[0]?.model.trim() ?? "unknown processor"}`,
    `${gigabytes} GB`,
    `folders on ${fileSystem()}`,
    `Node ${process.version}`,
    ...versions,
  ].join(", ");
}

/** Of temporary folders, as Linux tells it. A journal is kept by a thread of the kernel that is named after the disk. */
function fileSystem(): string {
  const { stdout } = spawnSync("df", ["--output=fstype,source", tmpdir()], { encoding: "utf8" });
  const [kind = "an unknown file system", source = ""] =
    stdout.trim().split("\n").at(-1)?.split(/\s+/) ?? [];
  const hasJournal = existsSync(`/proc/fs/jbd2/${basename(source)}-8`);
  return kind === "ext4" && !hasJournal ? "ext4 without a journal" : kind;
}

function versionOf(lock: unknown, name: string): string {
  const packages = fieldOf(lock, "packages");
  return String(fieldOf(fieldOf(packages, `node_modules/${name}`), "version"));
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}
