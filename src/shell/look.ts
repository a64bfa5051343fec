// `airlock history`, `diff` and `get`: what the chat's commands of these names show, read from the store. They change nothing, and need
// no more than they read.
import { dirname, sep } from "node:path";
import { sinceRevision } from "../change/diff.ts";
import { historyPage } from "../change/history.ts";
import { type NoFile, type NoVersion, readRevision } from "../change/read.ts";
import type { Config } from "../model/config.ts";
import { Refusal, refusalOrThrow } from "../model/trouble.ts";
import { errnoOf } from "../file/disk-error.ts";
import { systemTrouble } from "../file/small-file.ts";
import type { PastSettings } from "../settings/command-settings.ts";
import type { ConfigReader } from "../store/port.ts";
import { comparisonText, diffTitle } from "../words/change-words.ts";
import { historyText } from "../words/history-words.ts";
import {
  cannotBeRead,
  noFileYet,
  noRevision,
  noRevisions,
  revisionNotKept,
} from "../words/command-words.ts";
import { textOf } from "../words/text.ts";
import { configById } from "./check.ts";
import { CommandFailure, mustParse, type Terminal } from "./terminal.ts";

/** More lines than anybody reads, as the comparison itself lists at most. */
const diffLinesMax = 1000;

/** @param count - of the newest revisions */
export async function history(terminal: Terminal, id: string, count: number): Promise<void> {
  const text = await lookBack(terminal, id, async (live) => {
    const { fileName } = live.config;
    const page = await historyPage(live, Number.MAX_SAFE_INTEGER, count, null);
    if (page.last === 0) return noRevisions(fileName);
    const past = historyText(fileName, page.lines, page.changedOnDiskAt, undefined, Infinity);
    return textOf(past, Infinity);
  });
  await terminal.out(`${text}\n`);
}

export async function diff(
  terminal: Terminal,
  id: string,
  revision: number | undefined,
): Promise<void> {
  const text = await lookBack(terminal, id, async (live, { validationTimeoutMs }) => {
    const { fileName } = live.config;
    const found = await sinceRevision(live, revision);
    if (found.kind !== "two") throw new CommandFailure(noVersionText(live.config, found));
    const inspector = terminal.machine.createInspector(validationTimeoutMs);
    try {
      const comparison = await inspector.compare(found.before.bytes, found.after.bytes);
      const title = diffTitle(fileName, found.entry, found.changedOnDiskAt);
      return textOf([title, ...comparisonText(comparison, diffLinesMax)], Infinity);
    } finally {
      await inspector.close();
    }
  });
  await terminal.out(`${text}\n`);
}

export async function get(
  terminal: Terminal,
  id: string,
  revision: number | undefined,
): Promise<void> {
  const bytes =
    revision === undefined
      ? await liveBytes(terminal, id)
      : await lookBack(terminal, id, async (live) => {
          const found = await readRevision(live, revision);
          if (found.kind === "found") return found.version.bytes;
          throw new CommandFailure(noVersionText(live.config, found));
        });
  await terminal.out(bytes);
}

async function liveBytes(terminal: Terminal, id: string): Promise<Uint8Array> {
  const settings = mustParse(await terminal.settings.forConfigs());
  const config = configById(settings.configs, id);
  const bytes = await looking([], config.fileName, () =>
    terminal.machine.readLiveFile(config, settings),
  );
  if (bytes === undefined) throw new CommandFailure(noFileYet(config.fileName));
  return bytes;
}

async function lookBack<Found>(
  terminal: Terminal,
  id: string,
  look: (live: ConfigReader, settings: PastSettings) => Promise<Found>,
): Promise<Found> {
  const settings = mustParse(await terminal.settings.forPast());
  const config = configById(settings.configs, id);
  const places = [
    { name: "BACKUP_DIR", path: settings.backupDir },
    { name: "STATE_DIR", path: settings.stateDir },
    { name: config.fileName, path: dirname(config.path) },
  ];
  // What opening reads without naming it is history.
  const opened = await looking(places, "STATE_DIR", () =>
    terminal.machine.openReader(config, settings),
  );
  try {
    return await looking(places, config.fileName, () => look(opened.reader, settings));
  } finally {
    await opened.close();
  }
}

/**
 * @param otherwise - what is named where the error has no path
 * @throws CommandFailure where the disk refuses, with what cannot be read and why
 */
async function looking<Found>(
  places: readonly { readonly name: string; readonly path: string }[],
  otherwise: string,
  look: () => Promise<Found>,
): Promise<Found> {
  try {
    return await look();
  } catch (error) {
    const system = error instanceof Refusal ? error.cause : error;
    if (errnoOf(system) !== undefined) {
      const path = system instanceof Error && "path" in system ? String(system.path) : "";
      const place = places.find((each) => path === each.path || path.startsWith(each.path + sep));
      throw new CommandFailure(cannotBeRead(place?.name ?? otherwise, systemTrouble(system)));
    }
    const trouble = refusalOrThrow(error);
    const file = places.at(-1)?.name ?? otherwise;
    throw new CommandFailure(cannotBeRead(file, trouble));
  }
}

function noVersionText(config: Config, missing: NoVersion | NoFile): string {
  switch (missing.kind) {
    case "missing":
      return noFileYet(config.fileName);
    case "pruned":
      return revisionNotKept(config, missing.entry.revision);
    case "unknown":
      return noRevision(config, missing.asked, missing.newest?.revision ?? 0);
    default:
      return missing satisfies never;
  }
}
