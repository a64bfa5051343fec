// What checking a document costs against reading it alone and against what one would write instead, how that grows, and what everybody else
// feels of it meanwhile.
import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { Ajv2020 } from "ajv/dist/2020.js";
import { load } from "js-yaml";
import { parse, parseDocument } from "yaml";
import { createInspector } from "../src/document/inspector.ts";
import { builtInJsonSchema } from "../src/document/schemas.ts";
import type { Inspector } from "../src/model/inspector.ts";
import { checkDocument } from "../src/document/validation/check-document.ts";
import { keysOfOneMegabyte, ratesDocument } from "./documents.ts";
import type { Figure } from "./figure.ts";
import { short, type Spread, spreadOf, spreadText, timed } from "./statistics.ts";

const yamlRatioMax = 0.4;
const jsYamlRatioMax = 2.5;
const growthMax = 1.5;
const delayMsMax = 25;
const smallSlowerMsMax = 0.5;
/** Where two cores are free, two bare threads take 0.5 to 0.6. */
const atOnceMax = 0.9;
const heapMegabytesMax = 150;
/** Up to 5 MB. */
const keyCounts = [15_000, 30_000, keysOfOneMegabyte, 120_000, 300_000];
/** Peers that take seconds are not asked for more than this. */
const keysOfPeersMax = 120_000;
/** A small file is checked so fast that one alone says nothing. */
const smallRounds = 20;
const rates = { schema: "builtin:rates", fileName: "rates.yml" } as const;
const never = new AbortController().signal;

export const validation: Figure = {
  id: "validation",
  title: "Validation",
  about:
    "All checks of a rates.yml in the worker thread, with the way there and back, in turns, each with the garbage of the one before collected, with what reads the same text and does nothing else: `yaml`'s parseDocument with `uniqueKeys: false`, and js-yaml's load. Beside them what one would write instead, in the main thread: reading and ajv with the same JSON Schema, which finds no value that readers read differently, and tells no line.",
  async measure({ repeats }) {
    const inspector = createInspector({ timeoutMs: 60_000 });
    try {
      const grown = await measureGrowth(inspector, repeats);
      const delayMs = await loopDelayMs(inspector);
      const small = await smallFiles(inspector, repeats);
      const together = await twoAtOnce(inspector, repeats);
      await checkInSmallHeap();
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
            "all checks",
            "yaml alone",
            "js-yaml alone",
            "against yaml",
            "against js-yaml",
            "js-yaml + ajv",
            "yaml + ajv",
          ],
          rows: grown.map((each) => [
            String(each.keys),
            `${short(each.bytes / 1e6)} MB`,
            spreadText(each.check, "ms"),
            each.yaml === undefined ? "–" : spreadText(each.yaml, "ms"),
            spreadText(each.jsYaml, "ms"),
            each.yaml === undefined ? "–" : short(each.check.median / each.yaml.median),
            short(each.check.median / each.jsYaml.median),
            each.jsYamlAjv === undefined ? "–" : spreadText(each.jsYamlAjv, "ms"),
            each.yamlAjv === undefined ? "–" : spreadText(each.yamlAjv, "ms"),
          ]),
        },
        chart: {
          title: "Validation grows with the size, not with its square",
          labels: grown.map(({ keys }) => String(keys)),
          labelName: "keys",
          valueName: "ms",
          lines: [
            { name: "all checks", values: grown.map(({ check }) => check.median) },
            { name: "js-yaml alone", values: grown.map(({ jsYaml }) => jsYaml.median) },
          ],
        },
        verdicts: [
          verdict(
            "1 MB against yaml alone",
            megabyte.check.median / (megabyte.yaml?.median ?? Number.NaN),
            yamlRatioMax,
            "times",
          ),
          verdict(
            "1 MB against js-yaml alone",
            megabyte.check.median / megabyte.jsYaml.median,
            jsYamlRatioMax,
            "times",
          ),
          verdict(
            "time per key, the largest against the smallest (1 is linear)",
            growth,
            growthMax,
            "times",
          ),
          {
            text: `1 MB is checked by a thread with ${heapMegabytesMax} MB of heap`,
            holds: true,
          },
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

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function verdict(what: string, value: number, max: number, unit: string) {
  return { text: `${what}: ${short(value)} ${unit}, must be at most ${max}`, holds: value <= max };
}

interface Grown {
  readonly keys: number;
  readonly bytes: number;
  readonly check: Spread;
  readonly jsYaml: Spread;
  readonly yaml: Spread | undefined;
  readonly jsYamlAjv: Spread | undefined;
  readonly yamlAjv: Spread | undefined;
}

async function measureGrowth(inspector: Inspector, repeats: number): Promise<readonly Grown[]> {
  const isValid = new Ajv2020({ allErrors: true }).compile(builtInJsonSchema("builtin:rates"));
  const mustBeValid = (value: unknown): void => {
    if (!isValid(value)) throw new Error("ajv finds the document invalid");
  };
  const results: Grown[] = [];
  for (const keys of keyCounts) {
    const text = ratesDocument(keys);
    const bytes = Buffer.from(text);
    const all: Readonly<Record<string, () => unknown>> = {
      check: () => checkInWorker(inspector, bytes),
      jsYaml: () => load(text),
      jsYamlAjv: () => mustBeValid(load(text)),
    };
    const slow: typeof all = {
      yaml: () => parseDocument(text, { uniqueKeys: false }),
      yamlAjv: () => mustBeValid(parse(text, { uniqueKeys: false })),
    };
    const acts = keys > keysOfPeersMax ? all : { ...all, ...slow };
    const times = new Map<string, number[]>();
    for (let round = 0; round < repeats; round += 1) {
      for (const [name, act] of Object.entries(acts)) {
        // What one leaves behind is not the next one's to clear away: of a tree of `yaml` that takes longer than a check.
        collectGarbage();
        times.set(name, [...(times.get(name) ?? []), await timed(act)]);
      }
    }
    const spread = (name: string): Spread | undefined => {
      const taken = times.get(name);
      return taken === undefined ? undefined : spreadOf(taken);
    };
    const [check, jsYaml] = [spread("check"), spread("jsYaml")];
    if (check === undefined || jsYaml === undefined) throw new Error("nothing was measured");
    const [yaml, jsYamlAjv, yamlAjv] = ["yaml", "jsYamlAjv", "yamlAjv"].map(spread);
    results.push({ keys, bytes: bytes.length, check, jsYaml, yaml, jsYamlAjv, yamlAjv });
  }
  return results;
}

/** Throws where the thread has not enough. */
async function checkInSmallHeap(): Promise<void> {
  const thread = new Worker(new URL("../src/document/inspection-worker.js", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
  });
  try {
    const answered = new Promise((resolve, reject) => {
      thread.on("message", (message) => message !== "begun" && resolve(message));
      thread.on("error", reject);
    });
    const bytes = Buffer.from(ratesDocument(keysOfOneMegabyte));
    thread.postMessage({ name: "check", parameters: [bytes, "builtin:rates", "yaml"] });
    await answered;
  } finally {
    await thread.terminate();
  }
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
