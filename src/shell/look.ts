// `airlock history`, `diff` and `get`: what the chat's commands of these names show, read from the files. They change nothing.
import { createInspector } from "../document/inspector.ts";
import { type LiveConfig, type LiveVersion, readLive } from "../store/local/live-config.ts";
import { openReadOnly } from "../store/local/read-only-config.ts";
import { backupNameOf, findVersion, previousRevision } from "../store/local/versions.ts";
import { diskReason } from "../file/disk-error.ts";
import { readFileSettings } from "../settings/command-settings.ts";
import { comparisonLines, diffTitle, historyText } from "../words/change-phrases.ts";
import { configById, settingsOf } from "./check.ts";
import { CommandFailure, type Terminal } from "./terminal.ts";

/** More lines than anybody reads, as the comparison itself lists at most. */
const diffLinesMax = 1000;

/** @param count - of the newest revisions */
export function history(terminal: Terminal, id: string, count: number): Promise<void> {
  return lookAt(terminal, id, (live) => printHistory(terminal, live, count));
}

async function printHistory(terminal: Terminal, live: LiveConfig, count: number): Promise<void> {
  const last = live.history.last?.revision ?? 0;
  const entries = await live.history.page(last, count);
  const lines = await Promise.all(
    entries.map(async (entry) => {
      const backup = await backupNameOf(live, entry);
      const kept = entry.revision === last || (backup !== undefined && live.backups.has(backup));
      return { entry, kept };
    }),
  );
  const text = historyText(live.config.fileName, lines, changedOnDiskAt(await readLive(live)));
  await terminal.out(`${text}\n`);
}

export function diff(terminal: Terminal, id: string, revision: number | undefined): Promise<void> {
  return lookAt(terminal, id, (live) => printDiff(terminal, live, revision));
}

async function printDiff(
  terminal: Terminal,
  live: LiveConfig,
  revision: number | undefined,
): Promise<void> {
  const settings = settingsOf(terminal);
  const { fileName } = live.config;
  const before = await versionOf(live, revision ?? (await previousRevision(live)));
  const now = await readLive(live);
  if (now === undefined) throw new CommandFailure(noFile(fileName));
  const inspector = createInspector({ timeoutMs: settings.validationTimeoutMs });
  try {
    const comparison = await inspector.compare(before.bytes, now.bytes);
    const title = diffTitle(fileName, before.entry, changedOnDiskAt(now));
    const lines = comparisonLines(comparison, diffLinesMax, Infinity);
    await terminal.out(`${[title, ...lines].join("\n")}\n`);
  } finally {
    await inspector.close();
  }
}

export function get(terminal: Terminal, id: string, revision: number | undefined): Promise<void> {
  return lookAt(terminal, id, (live) => printVersion(terminal, live, revision));
}

async function printVersion(
  terminal: Terminal,
  live: LiveConfig,
  revision: number | undefined,
): Promise<void> {
  if (revision !== undefined) {
    await terminal.out((await versionOf(live, revision)).bytes);
    return;
  }
  const now = await readLive(live);
  if (now === undefined) throw new CommandFailure(noFile(live.config.fileName));
  await terminal.out(now.bytes);
}

/** @throws CommandFailure where the disk refuses any of it */
async function lookAt(
  terminal: Terminal,
  id: string,
  look: (live: LiveConfig) => Promise<void>,
): Promise<void> {
  const { catalog } = settingsOf(terminal);
  if (!catalog.ok) throw new CommandFailure(catalog.problems.join("\n"));
  const config = configById(catalog.configs, id);
  const files = readFileSettings(terminal.env, terminal.workingFolder, "refuse");
  if (!files.ok) throw new CommandFailure(files.problems.join("\n"));
  try {
    await look(await openReadOnly(config, files.settings));
  } catch (error) {
    const reason = diskReason(error);
    if (reason === undefined) throw error;
    throw new CommandFailure(`${config.fileName} cannot be looked at: ${reason}`);
  }
}

async function versionOf(
  live: LiveConfig,
  revision: number,
): Promise<Extract<Awaited<ReturnType<typeof findVersion>>, { readonly kind: "found" }>> {
  const { id, fileName } = live.config;
  const found = await findVersion(live, revision);
  if (found.kind === "found") return found;
  if (found.kind === "pruned") {
    throw new CommandFailure(
      `revision ${revision} of ${fileName} is known, but its bytes are no longer kept: airlock history ${id} marks which are`,
    );
  }
  const last = live.history.last?.revision ?? 0;
  if (last === 0) throw new CommandFailure(`${fileName} has no revisions yet`);
  throw new CommandFailure(
    revision === 0
      ? `${fileName} has no revision before this one`
      : `${fileName} has no revision ${revision}: there are 1 to ${last}`,
  );
}

function noFile(fileName: string): string {
  return `there is no ${fileName} yet`;
}

function changedOnDiskAt(now: LiveVersion | undefined): string | undefined {
  return now?.revision === undefined ? now?.modifiedAt : undefined;
}
