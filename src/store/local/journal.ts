// What is in flight, so that a crash leaves nobody without an answer: documents that arrived and were not looked at yet, and
// uploads from before their first effect until their last word was told. Lines of JSON, only ever appended to; where too many
// have piled up, what still matters is written to a new file that takes the old one's place.
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { appendLines, readLastLines } from "./append-line.ts";
import { listFiles, removeFile } from "./back-up-file.ts";
import { syncFolder } from "../../file/folder.ts";
import { replaceOwnFile } from "../../file/replace-file.ts";
import { revisionSchema } from "../../model/revision.ts";

/** Telegram hands out an update again for this long at the most: https://core.telegram.org/bots/api#getting-updates */
const endedKeptMs = 24 * 60 * 60 * 1000;
/** More lines than this, and twice as many as still matter, are written anew. */
const linesMax = 5000;
/** Telegram's messages are far shorter. A longer delivery is not kept: whoever sent it sends it again. */
const deliveryCharsMax = 64 * 1024;

const keySchema = z.string().min(1).max(200);

/** Where an upload's way is shown: in which chat, as an answer to what, and in which message, once there is one. */
const placeSchema = z.object({
  chat_id: z.int(),
  reply_to: z.int(),
  message_id: z.int().nullable(),
});

const begunSchema = revisionSchema.pick({ how: true, reason: true, message: true }).extend({
  key: keySchema,
  config: z.string(),
  file: z.string(),
  author: revisionSchema.shape.author.unwrap(),
  /** null for a change that no chat waits for. */
  place: placeSchema.nullable(),
});

const preparedSchema = z.object({
  sha256: revisionSchema.shape.sha256,
  bytes: revisionSchema.shape.bytes,
  /** The absolute path of the file that waits to be renamed onto the live one. */
  temporary: z.string(),
  /** The name of Airlock's own copy. */
  own_copy: z.string(),
  /** The last revision then; 0 for none. */
  after_revision: z.int().nonnegative(),
});

const timeSchema = z.iso.datetime();

const lineSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("delivered"), key: keySchema, delivery: z.unknown() }),
  z.object({ type: z.literal("again"), key: keySchema }),
  z.object({ type: z.literal("handled"), key: keySchema, at: timeSchema }),
  z.object({ type: z.literal("began"), at: timeSchema, ...begunSchema.shape }),
  z.object({ type: z.literal("shown"), key: keySchema, place: placeSchema }),
  z.object({ type: z.literal("prepared"), key: keySchema, ...preparedSchema.shape }),
  z.object({ type: z.literal("ended"), key: keySchema, at: timeSchema }),
]);

type Line = z.infer<typeof lineSchema>;
export type Place = Readonly<z.infer<typeof placeSchema>>;
export type BegunUpload = Readonly<z.infer<typeof begunSchema>>;
/** What a change wrote before it took the lock: by it one tells after a crash whether the rename happened. */
export type PreparedChange = Readonly<z.infer<typeof preparedSchema>>;

/** An upload whose last word was not told. */
export interface UnfinishedUpload {
  readonly upload: BegunUpload;
  /** When it began, ISO 8601. */
  readonly at: string;
  /** Undefined where nothing of it was on disk yet. */
  readonly prepared: PreparedChange | undefined;
  readonly place: Place | null;
}

/** A document as it arrived, before anybody looked at it. */
export interface Delivery {
  readonly key: string;
  /** As it came, to be handled again. */
  readonly delivery: unknown;
}

export interface Journal {
  /** What the process before this one left unfinished. */
  readonly unfinished: readonly UnfinishedUpload[];
  /** What the process before this one took and did not look at; `again` where an earlier start has tried that already. */
  readonly unhandled: readonly (Delivery & { readonly again: boolean })[];
  /** Whether this was delivered, or has begun, within the last day. */
  knows(key: string): boolean;
  /** Durable when it resolves. @throws what the disk says */
  delivered(deliveries: readonly Delivery[]): Promise<void>;
  /** A delivery from before this start is handled once more: if that fails too, not a third time. */
  handlesAgain(key: string): Promise<void>;
  handled(key: string): void;
  /** Durable when it resolves. @throws what the disk says */
  began(upload: BegunUpload): Promise<void>;
  shown(key: string, place: Place): void;
  /** Durable when it resolves. @throws what the disk says */
  prepared(key: string, change: PreparedChange): Promise<void>;
  /** Its last word was told, or nobody is there to be told. */
  ended(key: string): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/** @param report - told where a line could not be written that nothing waits for */
export async function openJournal(
  path: string,
  report: (what: string, error: unknown) => void,
): Promise<Journal> {
  await removeHalfWritten(path);
  const lines = await readLastLines(path, Number.POSITIVE_INFINITY, parseLine);
  const state = createState();
  for (const line of lines) state.note(line);
  state.forgetBefore(Date.now() - endedKeptMs);
  const unfinished = [...state.uploads.values()].map(unfinishedOf);
  const unhandled = [...state.deliveries.values()];

  let written = lines.length;
  let waiting: Waiting[] = [];
  let writing: Promise<void> = Promise.resolve();

  async function compact(): Promise<void> {
    state.forgetBefore(Date.now() - endedKeptMs);
    const kept = state.lines();
    if (written <= Math.max(linesMax, 2 * kept.length)) return;
    const text = kept.map((line) => `${JSON.stringify(line)}\n`).join("");
    await replaceOwnFile(path, Buffer.from(text));
    await syncFolder(dirname(path));
    written = kept.length;
  }

  /** All that wait are written at once, and synced at once: many uploads together cost little more than one. */
  async function writeWaiting(): Promise<void> {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    try {
      const sync = group.some(({ durable }) => durable);
      await appendLines(
        path,
        group.map(({ line }) => JSON.stringify(line)),
        { sync },
      );
      written += group.length;
      for (const { done } of group) done();
    } catch (error) {
      for (const { failed } of group) failed(error);
      return;
    }
    try {
      await compact();
    } catch (error) {
      report("writing the journal anew", error);
    }
  }

  function write(line: Line, durable: boolean): Promise<void> {
    state.note(line);
    return new Promise((done, failed) => {
      waiting.push({ line, durable, done, failed });
      writing = writing.then(writeWaiting);
    });
  }

  function writeUnawaited(line: Line): void {
    write(line, false).catch((error: unknown) => report("writing to the journal", error));
  }

  const now = (): string => new Date().toISOString();

  return {
    unfinished,
    unhandled,
    knows: (key) => state.knows(key),
    async delivered(deliveries) {
      const short = deliveries.filter((each) => JSON.stringify(each).length <= deliveryCharsMax);
      await Promise.all(short.map((each) => write({ type: "delivered", ...each }, true)));
    },
    handlesAgain: (key) => write({ type: "again", key }, true),
    handled: (key) => writeUnawaited({ type: "handled", key, at: now() }),
    began: (upload) => write({ type: "began", at: now(), ...upload }, true),
    shown: (key, place) => writeUnawaited({ type: "shown", key, place }),
    prepared: (key, change) => write({ type: "prepared", key, ...change }, true),
    ended: (key) => writeUnawaited({ type: "ended", key, at: now() }),
    close: () => writing,
  };
}

/** What a crash left of writing the journal anew. */
async function removeHalfWritten(path: string): Promise<void> {
  const folder = dirname(path);
  const strays = (await listFiles(folder, /\.[0-9a-f]{8}$/)).filter((name) =>
    name.startsWith(`${basename(path)}.`),
  );
  for (const stray of strays) await removeFile(join(folder, stray));
}

interface Waiting {
  readonly line: Line;
  readonly durable: boolean;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

function parseLine(text: string): Line | undefined {
  if (text === "") return undefined;
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // A line that a crash cut short: what it said did not happen.
    return undefined;
  }
}

type BeganLine = Extract<Line, { readonly type: "began" }>;

interface UploadRecord {
  readonly began: BeganLine;
  prepared: PreparedChange | undefined;
  place: Place | null;
}

function unfinishedOf({ began, prepared, place }: UploadRecord): UnfinishedUpload {
  const { type: _, at, ...upload } = began;
  return { upload, at, prepared, place };
}

/** What the lines so far mean. */
function createState() {
  const uploads = new Map<string, UploadRecord>();
  const deliveries = new Map<string, Delivery & { again: boolean }>();
  /** When each ended, oldest first. */
  const ended = new Map<string, string>();

  function end(key: string, at: string): void {
    ended.delete(key);
    ended.set(key, at);
  }

  return {
    uploads,
    deliveries,
    knows: (key: string): boolean => uploads.has(key) || deliveries.has(key) || ended.has(key),
    note(line: Line): void {
      const { key } = line;
      const record = uploads.get(key);
      switch (line.type) {
        case "delivered":
          deliveries.set(key, { key, delivery: line.delivery, again: false });
          return;
        case "again": {
          const delivery = deliveries.get(key);
          if (delivery !== undefined) delivery.again = true;
          return;
        }
        case "handled":
          deliveries.delete(key);
          end(key, line.at);
          return;
        case "began":
          uploads.set(key, { began: line, prepared: undefined, place: line.place });
          return;
        case "shown":
          if (record !== undefined) record.place = line.place;
          return;
        case "prepared": {
          const { type: _, key: __, ...prepared } = line;
          if (record !== undefined) record.prepared = prepared;
          return;
        }
        case "ended":
          uploads.delete(key);
          end(key, line.at);
          return;
        default:
          line satisfies never;
      }
    },
    forgetBefore(timeMs: number): void {
      for (const [key, at] of ended) {
        if (Date.parse(at) >= timeMs) break;
        ended.delete(key);
      }
    },
    /** The fewest lines that mean the same. */
    lines(): readonly Line[] {
      return [
        ...[...ended].map(([key, at]): Line => ({ type: "ended", key, at })),
        ...[...deliveries.values()].flatMap(({ key, delivery, again }): readonly Line[] => [
          { type: "delivered", key, delivery },
          ...(again ? [{ type: "again", key } as const] : []),
        ]),
        ...[...uploads.values()].flatMap(({ began, prepared, place }): readonly Line[] => [
          { ...began, place },
          ...(prepared === undefined
            ? []
            : [{ type: "prepared", key: began.key, ...prepared } as const]),
        ]),
      ];
    },
  };
}
