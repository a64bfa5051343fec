// Carries out a change without a bot, on the same write path. The caller holds STATE_DIR. The admins on Telegram are told of it
// when the bot starts: the journal keeps it for that.
import { join } from "node:path";
import { createBases } from "../change/bases.ts";
import type { Config } from "../model/config.ts";
import { createInspector } from "../document/inspector.ts";
import type { Journal } from "../store/journal.ts";
import { openJournal } from "../store/local/journal.ts";
import { createParkedChanges } from "../change/parked-changes.ts";
import { createUploads } from "../change/uploads.ts";
import { createPerform } from "./perform-request.ts";
import type { ControlAnswer, ControlRequest } from "./protocol.ts";
import { diskReason } from "../file/disk-error.ts";
import { createLocalStore } from "../store/local/local-store.ts";
import { openStateStore } from "../store/local/state-store.ts";
import type { Records } from "../store/records.ts";
import type { ChangeSettings } from "../settings/command-settings.ts";
import { outcomeText } from "../words/outcome-phrases.ts";
import { CommandFailure } from "./terminal.ts";

/** Where no bot ever starts, the journal must not grow for ever. */
const untoldChangesMax = 100;

/** @throws CommandFailure where the folders cannot be used */
export async function performHere(
  request: ControlRequest,
  config: Config,
  settings: ChangeSettings,
): Promise<ControlAnswer> {
  try {
    return await perform(request, config, settings);
  } catch (error) {
    const reason = diskReason(error);
    if (reason === undefined) throw error;
    throw new CommandFailure(`${config.fileName} was not changed: ${reason}`);
  }
}

async function perform(
  request: ControlRequest,
  config: Config,
  { backupDir, stateDir, backupsMax, uploadBytesMax, validationTimeoutMs }: ChangeSettings,
): Promise<ControlAnswer> {
  // What matters is in the outcome; a bot would only log the rest.
  const report = (): void => {};
  const journal = await openJournal(join(stateDir, "journal.jsonl"), report);
  const places = { backupDir, stateDir, backupsMax, report, journal };
  const [opened] = await createLocalStore(places).open([config]);
  if (opened?.kind !== "opened") {
    throw new CommandFailure(`${config.fileName} was not changed: ${opened?.reason ?? ""}`);
  }
  const live = opened.config;
  const records = (name: string, ageMaxMs: number): Promise<Records> =>
    openStateStore(join(stateDir, name), { ageMaxMs, clean: (text) => text });
  const bases = createBases(await records("bases", Number.POSITIVE_INFINITY));
  const parked = createParkedChanges({
    store: await records("parked", Number.POSITIVE_INFINITY),
    ageMaxMs: Number.POSITIVE_INFINITY,
    // The running bot's to tell. Here a change that waits is removed at once.
    onGivenUp: () => {},
    onTrouble: report,
    now: Date.now,
  });
  const inspector = createInspector({ timeoutMs: validationTimeoutMs });
  let bug: unknown;
  let ended: () => void = () => {};
  const allEnded = new Promise<void>((resolve) => {
    ended = resolve;
  });
  let began = false;
  const told = untold(journal);
  const uploads = createUploads({
    inspector,
    bases,
    parked,
    journal: told.journal,
    report,
    onEvent: (event) => {
      began ||= event.kind === "began";
      if (event.kind === "finished") told.applied(event.outcome === "applied");
    },
    onEnded: () => ended(),
    onBug: (error) => {
      bug = error;
    },
  });
  const answer = await createPerform({
    lives: () => [live],
    uploads,
    parked,
    uploadBytesMax,
    outcomeText: (fileName, outcome, author) =>
      outcomeText(fileName, outcome, { author, nowMs: Date.now() }),
  })(request);
  if (began) await allEnded;
  await Promise.all([inspector.close(), journal.close()]);
  if (bug !== undefined) throw new Error("a bug ended the change", { cause: bug });
  return answer;
}

/** A journal in which an applied change stays open, so that the bot tells of it when it starts. */
function untold(journal: Journal): {
  readonly journal: Journal;
  applied(isApplied: boolean): void;
} {
  let staysOpen = false;
  return {
    journal: {
      ...journal,
      ended(key) {
        if (!staysOpen) journal.ended(key);
      },
    },
    applied(isApplied) {
      staysOpen = isApplied && journal.unfinished.length < untoldChangesMax;
    },
  };
}
