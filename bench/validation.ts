// What checking a document costs against reading it alone, how that grows, and what everybody else feels of it meanwhile.
import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { load } from "js-yaml";
import { parseDocument } from "yaml";
import { createInspector } from "../src/document/inspector.ts";
import type { Inspector } from "../src/model/inspector.ts";
import { checkDocument } from "../src/document/validation/check-document.ts";
import { ratesDocument } from "./documents.ts";
import type { Figure } from "./figure.ts";
import { short, spreadOf, spreadText, timed } from "./statistics.ts";

const ratioMax = 1.3;
const delayMsMax = 25;
const smallSlowerMsMax = 5;
/** One thread is kept warm; the second one starts cold, and so gains less than it could. */
const atOnceMax = 0.9;
const keysOfOneMegabyte = 60_000;
const keyCounts = [15_000, 30_000, keysOfOneMegabyte, 120_000];
/** Its time grows with the square: more would take minutes. */
const keysWithOwnCheckMax = 15_000;
/** A small file is checked so fast that one alone says nothing. */
const smallRounds = 20;
const rates = { schema: "builtin:rates", fileName: "rates.yml" } as const;
const never = new AbortController().signal;

export const validation: Figure = {
  id: "validation",
  title: "Validation",
  about:
    "All checks of a rates.yml in the worker thread, with the way there and back, against what `yaml` takes to parse the same text with `uniqueKeys: false` and nothing else, in turns.",
  async measure({ repeats }) {
    const inspector = createInspector({ timeoutMs: 60_000 });
    try {
      const grown = await measureGrowth(inspector, repeats);
      const delayMs = await loopDelayMs(inspector);
      const small = await smallFiles(inspector, repeats);
      const together = await twoAtOnce(inspector, repeats);
      const megabyte = grown.find(({ keys }) => keys === keysOfOneMegabyte);
      const [first, last] = [grown[0], grown.at(-1)];
      if (megabyte === undefined || first === undefined || last === undefined) {
        throw new Error("nothing was measured");
      }
      const growth = last.check.median / first.check.median / (last.keys / first.keys);
      return {
        table: {
          head: [
            "keys",
            "size",
            "yaml alone",
            "all checks",
            "ratio",
            "yaml's own duplicate check",
            "js-yaml",
          ],
          rows: grown.map((each) => [
            String(each.keys),
            `${short(each.bytes / 1e6)} MB`,
            spreadText(each.parse, "ms"),
            spreadText(each.check, "ms"),
            short(each.check.median / each.parse.median),
            each.unique === undefined ? "–" : `${short(each.unique)} ms`,
            `${short(each.jsYaml)} ms`,
          ]),
        },
        chart: {
          title: "Validation grows with the size, not with its square",
          labels: grown.map(({ keys }) => String(keys)),
          labelName: "keys",
          valueName: "ms",
          lines: [
            { name: "all checks", values: grown.map(({ check }) => check.median) },
            { name: "yaml alone", values: grown.map(({ parse }) => parse.median) },
          ],
        },
        verdicts: [
          verdict(
            "1 MB against yaml alone",
            megabyte.check.median / megabyte.parse.median,
            ratioMax,
            "times",
          ),
          verdict(
            "time per key, the largest against the smallest (1 is linear)",
            growth,
            1.5,
            "times",
          ),
          verdict("event loop delay on the main thread meanwhile, p99", delayMs, delayMsMax, "ms"),
          verdict(
            "a file of 2 kB, slower than in the main thread by",
            small,
            smallSlowerMsMax,
            "ms",
          ),
          verdict(
            `two files of 1 MB at once, against one after the other (two warm threads that only parse: ${short(together.bare)})`,
            together.checks,
            atOnceMax,
            "times",
          ),
        ],
      };
    } finally {
      await inspector.close();
    }
  },
};

function verdict(what: string, value: number, max: number, unit: string) {
  return { text: `${what}: ${short(value)} ${unit}, must be at most ${max}`, holds: value <= max };
}

async function measureGrowth(inspector: Inspector, repeats: number) {
  const results = [];
  for (const keys of keyCounts) {
    const text = ratesDocument(keys);
    const bytes = Buffer.from(text);
    const [parse, check, jsYaml]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < repeats; round += 1) {
      parse.push(await timed(() => parseDocument(text, { uniqueKeys: false })));
      check.push(await timed(() => checkInWorker(inspector, bytes)));
      jsYaml.push(await timed(() => load(text)));
    }
    const unique = keys > keysWithOwnCheckMax ? undefined : await timed(() => parseDocument(text));
    results.push({
      keys,
      bytes: bytes.length,
      parse: spreadOf(parse),
      check: spreadOf(check),
      jsYaml: spreadOf(jsYaml).median,
      unique,
    });
  }
  return results;
}

async function checkInWorker(inspector: Inspector, bytes: Uint8Array): Promise<void> {
  const result = await inspector.check(bytes, rates, never);
  if (result.kind !== "valid") throw new Error(`the document was found ${JSON.stringify(result)}`);
}

async function loopDelayMs(inspector: Inspector): Promise<number> {
  const bytes = Buffer.from(ratesDocument(keysOfOneMegabyte));
  const resolutionMs = 1;
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  await checkInWorker(inspector, bytes);
  delays.disable();
  // What is counted includes the interval at which it looks.
  return delays.percentile(99) / 1e6 - resolutionMs;
}

/** @returns by how many milliseconds the worker is slower than the main thread */
async function smallFiles(inspector: Inspector, repeats: number): Promise<number> {
  const bytes = Buffer.from(ratesDocument(120));
  const [worker, main]: [number[], number[]] = [[], []];
  for (let round = 0; round < repeats * smallRounds; round += 1) {
    worker.push(await timed(() => checkInWorker(inspector, bytes)));
    main.push(await timed(() => checkDocument(bytes, "builtin:rates", "yaml")));
  }
  return spreadOf(worker).median - spreadOf(main).median;
}

/** @returns what two at once take of the time of one after the other: all checks, and two bare threads that only parse */
async function twoAtOnce(
  inspector: Inspector,
  repeats: number,
): Promise<{ readonly checks: number; readonly bare: number }> {
  const text = ratesDocument(keysOfOneMegabyte);
  const bytes = Buffer.from(text);
  const threads = [1, 2].map(() => new Worker(new URL("parse-thread.js", import.meta.url)));
  try {
    const check = (): Promise<void> => checkInWorker(inspector, bytes);
    const [one, other] = threads.map((thread) => () => parseIn(thread, text));
    if (one === undefined || other === undefined) throw new Error("there are two");
    const [checks, bare]: [number[], number[]] = [[], []];
    for (let round = 0; round < repeats; round += 1) {
      checks.push(await atOnceShare(check, check));
      bare.push(await atOnceShare(one, other));
    }
    return { checks: spreadOf(checks).median, bare: spreadOf(bare).median };
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

async function atOnceShare(one: () => Promise<void>, other: () => Promise<void>): Promise<number> {
  const after = await timed(async () => {
    await one();
    await other();
  });
  return (await timed(() => Promise.all([one(), other()]))) / after;
}

async function parseIn(thread: Worker, text: string): Promise<void> {
  thread.postMessage(text);
  await once(thread, "message");
}
