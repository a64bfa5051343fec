// What comparing and merging large files cost against checking the same files, in the same thread.
import { createInspector } from "../src/document/inspector.ts";
import type { Inspector } from "../src/model/inspector.ts";
import { keysOfOneMegabyte, ratesDocument } from "./documents.ts";
import type { Figure } from "./figure.ts";
import { short, type Spread, spreadOf, spreadText, timed } from "./statistics.ts";

const ratioMax = 1.5;
const itemsOfOneMegabyte = 40_000;
/** One in so many is changed by each of the two edits. */
const changedEach = 100;
const rates = { schema: "builtin:rates", fileName: "rates.yml" } as const;
const never = new AbortController().signal;

export const comparing: Figure = {
  id: "comparing",
  title: "Comparing and merging",
  about: `Files of 1 MB in the worker thread, with the way there and back: two edits that each change, add and remove one key in ${changedEach}, against the checks of the same files one after the other.`,
  async measure({ repeats }) {
    const inspector = createInspector({ timeoutMs: 60_000, threadsMax: 1 });
    try {
      const base = ratesDocument(keysOfOneMegabyte);
      const [live, candidate] = [edited(base, 3), edited(base, 50)];
      const files = [base, live, candidate].map((text) => Buffer.from(text));
      const lists = [0, 1].map((edit) => Buffer.from(listDocument(edit)));
      const rows = await measureAll(inspector, repeats, files, lists);
      const ratio = (row: Row): number => row.time.median / row.check.median;
      return {
        table: {
          head: ["what", "time", "checks of the same files", "ratio"],
          rows: rows.map((row) => [
            row.name,
            spreadText(row.time, "ms"),
            spreadText(row.check, "ms"),
            short(ratio(row)),
          ]),
        },
        verdicts: rows.map((row) => ({
          text: `${row.name}: ${short(ratio(row))} times the checks, must be at most ${ratioMax}`,
          holds: ratio(row) <= ratioMax,
        })),
      };
    } finally {
      await inspector.close();
    }
  },
};

interface Row {
  readonly name: string;
  readonly time: Spread;
  readonly check: Spread;
}

type Files = readonly Uint8Array[];

async function measureAll(
  inspector: Inspector,
  repeats: number,
  files: Files,
  lists: Files,
): Promise<readonly Row[]> {
  const [base = Buffer.of(), live = Buffer.of(), candidate = Buffer.of()] = files;
  const [before = Buffer.of(), after = Buffer.of()] = lists;
  const checks = async (checked: Files): Promise<void> => {
    for (const bytes of checked) await inspector.check(bytes, rates, never);
  };
  const merged = async (): Promise<void> => {
    const { kind } = await inspector.merge(base, live, candidate);
    if (kind !== "merged") throw new Error(`the merge is ${kind}`);
  };
  const tasks = [
    {
      name: "compare two files",
      files: [base, candidate],
      act: () => inspector.compare(base, candidate),
    },
    { name: "compare two lists", files: lists, act: () => inspector.compare(before, after) },
    { name: "merge", files, act: merged },
  ];
  const rows: Row[] = [];
  for (const { name, files: checked, act } of tasks) {
    const [times, checkTimes]: [number[], number[]] = [[], []];
    for (let round = 0; round < repeats; round += 1) {
      checkTimes.push(await timed(() => checks(checked)));
      times.push(await timed(act));
    }
    rows.push({ name, time: spreadOf(times), check: spreadOf(checkTimes) });
  }
  return rows;
}

/** @param offset - which of each hundred keys are changed; the next ones are removed, or get a new one behind them */
function edited(text: string, offset: number): string {
  return text
    .split("\n")
    .flatMap((line, index) => {
      const place = index % changedEach;
      if (index < 2 || line === "") return [line];
      if (place === offset) return [line.replace(/: .*/, ": 7.5 # changed")];
      if (place === offset + 1) return [];
      return place === offset + 2 ? [line, `  N${offset}X${index}: 1 # new`] : [line];
    })
    .join("\n");
}

function listDocument(edit: number): string {
  const items = Array.from({ length: itemsOfOneMegabyte }, (_, index) => {
    const changed = edit === 1 && index % changedEach === 7;
    return `  - { n: i${index}, v: ${changed ? 0 : index} }\n`;
  });
  return `base: USD\nl:\n${items.join("")}`;
}
