// The process of the command line: arguments in, exit code out.
import { readCatalog } from "./catalog/read-catalog.ts";
import { createInspector } from "./document/inspector.ts";
import { refusalOrThrow } from "./model/trouble.ts";
import { resolveLinks } from "./file/read-file.ts";
import { ownVersion } from "./own-version.ts";
import { createCommandSettings } from "./settings/command-settings.ts";
import { readFollowSettings, readMachinesSettings } from "./settings/follow-settings.ts";
import { runCommand } from "./shell/program.ts";
import { CommandFailure, type Machine, mustParse, type Terminal } from "./shell/terminal.ts";
import type { askMachines } from "./store/etcd/etcd-machines.ts";
import { readLiveFile } from "./store/local/live-file.ts";
import { storeRefused } from "./words/follow-words.ts";

/** What only several machines need is not even loaded for one, nor what changes something by a command that only looks. */
const shared = () => import("./shared-store-commands.ts");

const machine: Machine = {
  async openReader(config, settings) {
    const { etcd } = settings;
    if (etcd !== undefined) return (await shared()).openSharedReader(config, etcd);
    const { openReadOnly } = await import("./store/local/read-only-config.ts");
    return { reader: await openReadOnly(config, settings), close: () => Promise.resolve() };
  },
  async readLiveFile(config, { etcd }) {
    if (etcd !== undefined) {
      const opened = await (await shared()).openSharedReader(config, etcd);
      try {
        return (await opened.reader.readLive())?.bytes;
      } finally {
        await opened.close();
      }
    }
    return (await readLiveFile({ config, path: await resolveLinks(config.path) }))?.bytes;
  },
  async openHere(...which) {
    return (await import("./open-here.ts")).openHere(...which);
  },
  async copyStore(settings, to) {
    const { etcd } = settings;
    if (etcd === undefined) throw new Error("there is no etcd to copy to or from");
    return (await shared()).copyStore({ ...settings, etcd }, to);
  },
  createInspector: (timeoutMs) => createInspector({ timeoutMs }),
};

async function withMachines<Result>(
  ask: (machines: ReturnType<typeof askMachines>) => Promise<Result>,
): Promise<Result> {
  const etcd = mustParse(readMachinesSettings(process.env, process.cwd()));
  const { askMachines: open } = await import("./store/etcd/etcd-machines.ts");
  const machines = open({ ...etcd, report: () => {} });
  try {
    return await ask(machines);
  } catch (error) {
    const trouble = refusalOrThrow(error);
    throw new CommandFailure(storeRefused(trouble), { cause: error });
  } finally {
    machines.close();
  }
}

const terminal: Terminal = {
  machine,
  async followHere(isOnce) {
    const read = await readFollowSettings(process.env, process.cwd(), readCatalog);
    if (!read.ok) return read.problems;
    // What only this command needs is loaded by it alone.
    const { runFollow } = await import("./follow-app.ts");
    return runFollow({ settings: read.settings, version: ownVersion(), isOnce });
  },
  machines: {
    list: () => withMachines((machines) => machines.list()),
    remove: (name) => withMachines((machines) => machines.remove(name)),
  },
  settings: createCommandSettings(process.env, process.cwd(), readCatalog),
  workingFolder: process.cwd(),
  out: (text) =>
    new Promise((resolve) => {
      process.stdout.write(text, () => resolve());
    }),
  err: (text) => {
    process.stderr.write(text);
  },
};

// Whoever reads the output may stop early, as `head` does.
process.stdout.on("error", () => process.exit(1));
process.stderr.on("error", () => {
  // What cannot be said there is said by the exit code.
});
process.exitCode = await runCommand(process.argv.slice(2), terminal, ownVersion());
