// npm run bench [-- FIGURE …] [-- --repeats N]: measures, prints, and where all figures of a page were asked for writes that: bench/results.md
// with a chart beside it for each figure that grows, or bench/machines.md, which needs etcd.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { charts } from "./charts.ts";
import { comparing } from "./comparing.ts";
import type { Figure, FigureResult } from "./figure.ts";
import { largeUploads } from "./large-uploads.ts";
import { lockedSection } from "./locked-section.ts";
import { commit } from "./machines/commit.ts";
import { nodeFaults } from "./machines/node-faults.ts";
import { reach } from "./machines/reach.ts";
import { takeOver } from "./machines/take-over.ts";
import { manyAtOnce } from "./many-at-once.ts";
import { soak } from "./soak.ts";
import { startAndSize } from "./start-and-size.ts";
import { uploadCost } from "./upload-cost.ts";
import { uploadTimeline } from "./upload-timeline.ts";
import { yearsOfUse } from "./years-of-use.ts";
import { validation } from "./validation.ts";
import { figureText, writeMachines, writeResults } from "./results.ts";

const figures: readonly Figure[] = [
  lockedSection,
  validation,
  largeUploads,
  comparing,
  uploadTimeline,
  manyAtOnce,
  uploadCost,
  yearsOfUse,
  charts,
  startAndSize,
  soak,
  reach,
  commit,
  nodeFaults,
  takeOver,
];
const repeatsStandard = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { repeats: { type: "string", default: String(repeatsStandard) } },
});
const repeats = Number(values.repeats);
const names = figures.flatMap(({ id, group }) => [id, ...(group === undefined ? [] : [group])]);
const unknown = positionals.filter((name) => !names.includes(name));
if (!Number.isInteger(repeats) || repeats < 1 || unknown.length > 0) {
  const known = [...new Set(names)].join(", ");
  process.stderr.write(`usage: npm run bench -- [--repeats N] [FIGURE …], of ${known}\n`);
  process.exitCode = 2;
} else {
  await run(
    figures.filter(({ id, group, isLong = group !== undefined }) =>
      positionals.length === 0
        ? !isLong
        : positionals.includes(id) || (group !== undefined && positionals.includes(group)),
    ),
  );
}

async function run(wanted: readonly Figure[]): Promise<void> {
  const results = new Map<Figure, FigureResult>();
  for (const figure of wanted) {
    const folder = await mkdtemp(join(tmpdir(), "airlock-bench-"));
    try {
      const result = await figure.measure({ repeats, folder });
      results.set(figure, result);
      process.stdout.write(`${figureText(figure, result)}\n`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  // One quick pass is to see that it works, not to be quoted.
  if (repeats < repeatsStandard) return;
  if (positionals.length === 0) await writeResults(results, repeats);
  if (positionals.length === 1 && positionals[0] === "machines") await writeMachines(results);
}
