// Carries out what the command line asks for, on the one way into the write path. The author is the user of the system.
import { randomUUID } from "node:crypto";
import type { Author } from "../model/revision.ts";
import { oneAtATime } from "../store/one-at-a-time.ts";
import type { ConfigStore } from "../store/port.ts";
import type { Proposals } from "../change/proposals.ts";
import type { Outcome, PendingOutcome } from "../model/outcome.ts";
import type { ParkedChanges } from "../change/parked-changes.ts";
import type { Received, UploadRequest } from "../change/upload-request.ts";
import type { Uploads } from "../change/uploads.ts";
import {
  askedBefore,
  bytesNotKept,
  needsRunningBot,
  noSuchConfig,
  nothingToGoBackTo,
  staleHint,
  tooManyChanges,
} from "../words/command-words.ts";
import { confirmInChat } from "../words/proposal-words.ts";
import { outcomeText } from "../words/outcome-words.ts";
import { textOf } from "../words/text.ts";
import { answerListCharsMax, type ControlAnswer, type ControlRequest } from "./protocol.ts";

export interface ControlOptions {
  /** Those in force at this moment. */
  readonly lives: () => readonly ConfigStore[];
  readonly uploads: Uploads;
  readonly parked: Pick<ParkedChanges, "remove">;
  readonly proposals: Pick<Proposals, "remove">;
  /** A bot runs here, that asks others for their approval. */
  readonly asksPeople: boolean;
  readonly uploadBytesMax: number;
}

/** Telegram's ids are above zero, so no user of the system is ever taken for somebody there. */
function authorOf({ uid, name }: ControlRequest["user"]): Author {
  return { id: -1 - uid, name };
}

/** @returns what carries out requests: those of one user for one config in turn, as they come */
export function createPerform(
  options: ControlOptions,
): (request: ControlRequest) => Promise<ControlAnswer> {
  // Otherwise a user's second change could be taken for one that does not know of the first.
  const inTurn = oneAtATime();
  return (request) =>
    inTurn(`${request.user.uid}:${request.config}`, () => perform(request, options));
}

async function perform(request: ControlRequest, options: ControlOptions): Promise<ControlAnswer> {
  const lives = options.lives();
  const live = lives.find(({ config }) => config.id === request.config);
  if (live === undefined) {
    const ids = lives.map(({ config }) => config.id);
    return refused(noSuchConfig(request.config, ids));
  }
  const source = await sourceOf(request, live, options);
  if (source.kind === "refused") return refused(source.text);
  const author = authorOf(request.user);
  const outcome = await run(options.uploads, {
    live,
    author,
    how: request.request === "apply" ? "upload" : "rollback",
    purpose: "apply",
    reason: request.reason,
    place: null,
    message: null,
    key: `control:${randomUUID()}`,
    base: await baseOf(request, live),
    unchecked: request.request === "rollback" && request.anyway,
    receive: () => Promise.resolve(source.received),
  });
  if (typeof outcome === "string") return refused(outcome);
  const said = outcomeText(live.config.fileName, outcome, { author, nowMs: Date.now() });
  const text = textOf(said, answerListCharsMax);
  if (outcome.kind === "stale") {
    // Nobody has a button for it here.
    await options.parked.remove(outcome.parkedId);
    return { answer: "outcome", done: false, text: `${text}\n${staleHint}` };
  }
  if (outcome.kind === "pending") return refusedToWait(outcome, text, { live, author }, options);
  const done = outcome.kind === "applied" || outcome.kind === "unchanged";
  return { answer: "outcome", done, text };
}

/** Others may still approve it where a bot runs to ask them; a confirmation can be typed in a chat only. */
async function refusedToWait(
  { id, waitsFor }: PendingOutcome,
  text: string,
  { live, author }: { readonly live: ConfigStore; readonly author: Author },
  { uploads, parked, proposals, asksPeople }: ControlOptions,
): Promise<ControlAnswer> {
  if (waitsFor.kind !== "approval") {
    await parked.remove(id);
    // It was counted as one that waits.
    uploads.decided(live, author.id, "cancelled");
    return { answer: "outcome", done: false, text: `${text}\n${confirmInChat}` };
  }
  if (asksPeople) return { answer: "outcome", done: false, text };
  await proposals.remove(id);
  return refused(needsRunningBot(live.config.fileName));
}

function refused(text: string): ControlAnswer {
  return { answer: "refused", text };
}

type Source =
  | { readonly kind: "source"; readonly received: Received }
  | { readonly kind: "refused"; readonly text: string };

async function sourceOf(
  request: ControlRequest,
  live: ConfigStore,
  { uploadBytesMax }: ControlOptions,
): Promise<Source> {
  if (request.request === "apply") {
    const bytes = Buffer.from(request.bytes, "base64");
    const received: Received =
      bytes.length > uploadBytesMax
        ? {
            kind: "refused",
            fault: { code: "too_large", params: { bytesMax: uploadBytesMax } },
          }
        : { kind: "received", bytes };
    return { kind: "source", received };
  }
  const found = await live.find(request.revision);
  switch (found.kind) {
    case "found":
      return { kind: "source", received: { kind: "received", bytes: found.version.bytes } };
    case "pruned":
      return {
        kind: "refused",
        text: bytesNotKept(live.config, request.revision),
      };
    case "unknown":
      return {
        kind: "refused",
        text: nothingToGoBackTo(live.config, request.revision),
      };
    default:
      return found satisfies never;
  }
}

/** Going back, and going on anyway, replace what is live at this moment. */
async function baseOf(request: ControlRequest, live: ConfigStore): Promise<UploadRequest["base"]> {
  if (request.request === "apply" && !request.anyway) return "given";
  const now = await live.readLive();
  return now === undefined ? "given" : { sha256: now.sha256 };
}

/** @returns how it ended, or why it did not begin */
function run(uploads: Uploads, request: UploadRequest): Promise<Outcome | string> {
  return new Promise((resolve) => {
    const started = uploads.start(request, () => ({
      saving: () => {},
      working: () => {},
      serving: () => {},
      finished: (outcome) => {
        resolve(outcome);
        return Promise.resolve();
      },
    }));
    if (started.kind === "too_many") {
      resolve(tooManyChanges(started.max));
    } else if (started.kind === "duplicate") resolve(askedBefore);
  });
}
