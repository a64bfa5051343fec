// npm run bench [-- FIGURE …] [-- --repeats N]: measures, prints, and where all figures were asked for writes bench/results.md with a
// chart beside it for each figure that grows.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { comparing } from "./comparing.ts";
import type { Figure, FigureResult } from "./figure.ts";
import { lockedSection } from "./locked-section.ts";
import { manyAtOnce } from "./many-at-once.ts";
import { soak } from "./soak.ts";
import { startAndSize } from "./start-and-size.ts";
import { uploadCost } from "./upload-cost.ts";
import { uploadTimeline } from "./upload-timeline.ts";
import { yearsOfUse } from "./years-of-use.ts";
import { validation } from "./validation.ts";
import { figureText, writeResults } from "./results.ts";

const figures: readonly Figure[] = [
  lockedSection,
  validation,
  comparing,
  uploadTimeline,
  manyAtOnce,
  uploadCost,
  yearsOfUse,
  startAndSize,
  soak,
];
const repeatsStandard = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { repeats: { type: "string", default: String(repeatsStandard) } },
});
const repeats = Number(values.repeats);
const unknown = positionals.filter((name) => figures.every(({ id }) => id !== name));
if (!Number.isInteger(repeats) || repeats < 1 || unknown.length > 0) {
  const known = figures.map(({ id }) => id).join(", ");
  process.stderr.write(`usage: npm run bench -- [--repeats N] [FIGURE …], of ${known}\n`);
  process.exitCode = 2;
} else {
  await run(
    figures.filter(({ id, isLong = false }) =>
      positionals.length === 0 ? !isLong : positionals.includes(id),
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
  if (positionals.length === 0 && repeats >= repeatsStandard) await writeResults(results, repeats);
}
