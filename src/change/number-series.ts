// One number of a config over its revisions: what a chart shows. Old versions are read from the newest back, as far as they are kept and as time allows.
import type {
  LeftOut,
  NumberAt,
  NumberList,
  NumberPoint,
  NumberReader,
  NumberSeries,
} from "../model/number-series.ts";
import type { Revision } from "../model/revision.ts";
import type { ConfigReader, LiveVersion } from "../store/port.ts";
import type { NoFile } from "./read.ts";

/** Reading old versions ends after so long, so that somebody who asks for a chart soon has one. */
const readingMsMax = 3000;
/** Of history, read at once. */
const pageEntriesMax = 2000;
/** Handed to a thread at once; a single version may be larger. */
const batchEntriesMax = 250;
const batchBytesMax = 512 * 1024;
/** While a thread reads one batch, the next one is fetched. */
const batchesAtOnce = 2;

export type FoundSeries =
  | ({ readonly kind: "series" } & NumberSeries)
  | Exclude<NumberAt, { readonly kind: "number" }>
  | NoFile;

/** The version of a revision, and the change that replaced it; undefined for the newest. */
interface Past {
  readonly entry: Revision;
  readonly next: Revision | undefined;
}

/** A version with the number in it: as it is written; null where there is none; undefined where nobody knows. */
interface Valued {
  readonly entry: Pick<Revision, "at" | "how" | "author" | "revision">;
  readonly value: string | null | undefined;
}

/**
 * @param written - the path, as a person wrote it
 * @param nowMs - a clock that does not go back
 */
export async function numberSeries(
  config: ConfigReader,
  written: string,
  numbers: NumberReader,
  nowMs: () => number,
): Promise<FoundSeries> {
  const live = await config.readLive();
  if (live === undefined) return { kind: "missing", newest: config.newest };
  const found = await numbers.numberAt(live.bytes, written);
  if (found.kind === "unreadable" || (found.kind === "nowhere" && found.path === null))
    return found;
  const path = found.path ?? written;
  const { valued, leftOut } = await readBack(config, live, written, numbers, nowMs);
  // What is no number today may have been one.
  if (found.kind !== "number" && !valued.some(({ value }) => typeof value === "string")) {
    return found;
  }
  return { kind: "series", path, points: pointsOf(valued), leftOut };
}

/** @param valued - oldest first */
function pointsOf(valued: readonly Valued[]): readonly NumberPoint[] {
  const points: NumberPoint[] = [];
  let before: Valued["value"];
  for (const { entry, value } of valued) {
    const { at, how, author, revision } = entry;
    if (points.length === 0 || !isSame(before, value)) {
      const isKnown = value !== undefined && (before !== undefined || revision === 1);
      points.push({ at, value: value ?? null, by: isKnown ? { how, author } : undefined });
    }
    before = value;
  }
  return points;
}

function isSame(one: Valued["value"], other: Valued["value"]): boolean {
  return typeof one === "string" && typeof other === "string"
    ? Number(one) === Number(other)
    : one === other;
}

/** @returns every version up to the oldest that is kept, oldest first */
async function readBack(
  config: ConfigReader,
  live: LiveVersion,
  written: string,
  numbers: NumberReader,
  nowMs: () => number,
): Promise<{ readonly valued: readonly Valued[]; readonly leftOut: LeftOut }> {
  const untilMs = nowMs() + readingMsMax;
  /** By hash: equal versions are read once. */
  const values = new Map<string, string | null>();
  const entries: Revision[] = [];
  const reading: Promise<void>[] = [];
  let isTooMuch = false;

  /** @returns whether any of them is kept */
  async function fetch(batch: readonly Past[]): Promise<boolean> {
    const bytesBySha = new Map<string, Uint8Array>();
    await Promise.all(
      batch.map(async (past) => {
        const { sha256 } = past.entry;
        const bytes = values.has(sha256) ? undefined : await bytesOf(config, live, past);
        if (bytes !== undefined) bytesBySha.set(sha256, bytes);
      }),
    );
    const shas = [...bytesBySha.keys()];
    reading.push(look(shas, [...bytesBySha.values()]));
    return batch.some(({ entry: { sha256 } }) => values.has(sha256) || bytesBySha.has(sha256));
  }

  async function look(shas: readonly string[], versions: readonly Uint8Array[]): Promise<void> {
    if (versions.length === 0) return;
    const read = await numbers.numbersAt(versions, written);
    isTooMuch ||= read === undefined;
    for (const [index, sha256] of shas.entries()) {
      const number = read?.[index];
      if (number !== undefined) values.set(sha256, number);
    }
  }

  await look([live.sha256], [live.bytes]);
  for await (const batch of batchesBack(config)) {
    entries.push(...batch.map(({ entry }) => entry));
    if (!(await fetch(batch))) break;
    await reading.at(-batchesAtOnce);
    isTooMuch ||= nowMs() > untilMs;
    if (isTooMuch) break;
  }
  await Promise.all(reading);
  const valued = entries.toReversed().map((entry) => ({ entry, value: values.get(entry.sha256) }));
  const kept = valued.slice(valued.findIndex(({ value }) => value !== undefined));
  const from = kept[0]?.entry.revision ?? 0;
  const byHand = live.revision === undefined ? [handEdit(live, values.get(live.sha256))] : [];
  return {
    valued: [...kept, ...byHand],
    leftOut: from <= 1 ? { kind: "nothing" } : { kind: isTooMuch ? "too_much" : "not_kept", from },
  };
}

function handEdit(live: LiveVersion, value: Valued["value"]): Valued {
  return {
    entry: { at: live.modifiedAt, how: "edited", author: null, revision: Infinity },
    value,
  };
}

async function* batchesBack(config: ConfigReader): AsyncGenerator<readonly Past[]> {
  let next: Revision | undefined;
  for (let from = config.newest?.revision ?? 0; from > 0; from -= pageEntriesMax) {
    let batch: Past[] = [];
    let bytes = 0;
    for (const entry of await config.page(from, Math.min(from, pageEntriesMax))) {
      const isFull = batch.length === batchEntriesMax || bytes + entry.bytes > batchBytesMax;
      if (batch.length > 0 && isFull) {
        yield batch;
        [batch, bytes] = [[], 0];
      }
      batch.push({ entry, next });
      bytes += entry.bytes;
      next = entry;
    }
    if (batch.length > 0) yield batch;
  }
}

async function bytesOf(
  config: ConfigReader,
  live: LiveVersion,
  { entry, next }: Past,
): Promise<Uint8Array | undefined> {
  if (entry.sha256 === live.sha256) return live.bytes;
  if (next === undefined) {
    const found = await config.find(entry.revision);
    return found.kind === "found" ? found.version.bytes : undefined;
  }
  return next.previous_sha256 === entry.sha256 ? (await config.replacedBy(next))?.bytes : undefined;
}

const lookedThroughEntries = 10;
/** Large versions take long to read: of them fewer. */
const lookedThroughBytesMax = 2 * 1024 * 1024;

/** The numbers of what is live; those that changed in the newest revisions first. */
export async function changedNumbers(
  config: ConfigReader,
  numbers: NumberReader,
): Promise<NumberList> {
  const live = await config.readLive();
  if (live === undefined) return { paths: [], changed: 0, total: 0 };
  const versions = [live.bytes];
  let bytes = live.bytes.length;
  for (const entry of await config.page(config.newest?.revision ?? 0, lookedThroughEntries)) {
    const before = (await config.replacedBy(entry))?.bytes;
    bytes += before?.length ?? 0;
    if (before === undefined || bytes > lookedThroughBytesMax) break;
    versions.push(before);
  }
  return numbers.listNumbers(versions);
}
