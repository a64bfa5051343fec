// `airlock history`, `diff` and `get`: what the chat's commands of these names show, read from the files. They change nothing, and need
// no more than they read.
import { dirname, sep } from "node:path";
import { sinceRevision } from "../change/diff.ts";
import { historyPage } from "../change/history.ts";
import { type NoFile, type NoVersion, readRevision } from "../change/read.ts";
import type { Config } from "../model/config.ts";
import { Refusal, refusedBecause } from "../model/trouble.ts";
import { errnoOf } from "../file/disk-error.ts";
import { reasonOf } from "../file/small-file.ts";
import type { PastSettings } from "../settings/command-settings.ts";
import type { ConfigReader } from "../store/port.ts";
import { comparisonLines, diffTitle, historyText } from "../words/change-phrases.ts";
import { troubleText } from "../words/trouble-words.ts";
import { configById } from "./check.ts";
import { CommandFailure, mustParse, type Terminal } from "./terminal.ts";

/** More lines than anybody reads, as the comparison itself lists at most. */
const diffLinesMax = 1000;

/** @param count - of the newest revisions */
export async function history(terminal: Terminal, id: string, count: number): Promise<void> {
  const text = await lookBack(terminal, id, async (live) => {
    const { fileName } = live.config;
    const page = await historyPage(live, Number.MAX_SAFE_INTEGER, count);
    if (page.last === 0) return noRevisions(fileName);
    return historyText(fileName, page.lines, page.changedOnDiskAt);
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
      return [title, ...comparisonLines(comparison, diffLinesMax, Infinity)].join("\n");
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

/** What is live is in the file itself: neither history nor backups are asked. */
async function liveBytes(terminal: Terminal, id: string): Promise<Uint8Array> {
  const config = configById(mustParse(await terminal.settings.forConfigs()).configs, id);
  const bytes = await looking([], config.fileName, () => terminal.machine.readLiveFile(config));
  if (bytes === undefined) throw new CommandFailure(noFile(config.fileName));
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
  const live = await looking(places, "STATE_DIR", () =>
    terminal.machine.openReader(config, settings),
  );
  return looking(places, config.fileName, () => look(live, settings));
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
      throw new CommandFailure(`${place?.name ?? otherwise} cannot be read: ${reasonOf(system)}`);
    }
    const trouble = refusedBecause(error);
    if (trouble === undefined) throw error;
    const file = places.at(-1)?.name ?? otherwise;
    throw new CommandFailure(`${file} cannot be read: ${troubleText(trouble)}`);
  }
}

function noVersionText({ id, fileName }: Config, missing: NoVersion | NoFile): string {
  switch (missing.kind) {
    case "missing":
      return noFile(fileName);
    case "pruned":
      return `revision ${missing.entry.revision} of ${fileName} is known, but its bytes are no longer kept: airlock history ${id} marks which are`;
    case "unknown": {
      const last = missing.newest?.revision ?? 0;
      if (last === 0) return noRevisions(fileName);
      return missing.asked === 0
        ? `${fileName} has no revision before this one`
        : `${fileName} has no revision ${missing.asked}: there are 1 to ${last}`;
    }
    default:
      return missing satisfies never;
  }
}

function noRevisions(fileName: string): string {
  return `${fileName} has no revisions yet`;
}

function noFile(fileName: string): string {
  return `there is no ${fileName} yet`;
}
