// The process of the command line: arguments in, exit code out.
import { readCatalog } from "./catalog/read-catalog.ts";
import { openCore } from "./core.ts";
import { createInspector } from "./document/inspector.ts";
import { Refusal, refusalOrThrow } from "./model/trouble.ts";
import { resolveLinks } from "./file/read-file.ts";
import { ownVersion } from "./own-version.ts";
import { createCommandSettings } from "./settings/command-settings.ts";
import { readFollowSettings, readMachinesSettings } from "./settings/follow-settings.ts";
import { runCommand } from "./shell/program.ts";
import { CommandFailure, type Machine, mustParse, type Terminal } from "./shell/terminal.ts";
import type { askMachines } from "./store/etcd/etcd-machines.ts";
import { openLocalBacking } from "./store/local/local-backing.ts";
import { readLiveFile } from "./store/local/live-file.ts";
import { openReadOnly } from "./store/local/read-only-config.ts";
import { storeRefused } from "./words/follow-words.ts";

/** Every command line is another process; nobody waits for a word there. */
const noAge = Number.POSITIVE_INFINITY;

const report = (): void => {};

/** What only several machines need is not even loaded for one. */
const shared = () => import("./shared-store-commands.ts");

const machine: Machine = {
  async openReader(config, settings) {
    const { etcd } = settings;
    if (etcd !== undefined) return (await shared()).openSharedReader(config, etcd);
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
  async openHere(config, settings, listener) {
    const core = await openCore(
      settings.etcd === undefined
        ? await openLocalBacking(settings, (text) => text, report)
        : await (await shared()).openSharedBacking({ ...settings, etcd: settings.etcd }),
      { ...settings, parkedAgeMaxMs: noAge, clean: (text) => text },
      // What matters is in the outcome; a bot would only log the rest. What waits for a word is the running bot's to give up.
      {
        ...listener,
        report,
        onGivenUp: () => {},
        onKeepEvent: undefined,
        onServiceEvent: () => {},
      },
    );
    try {
      const [opened] = await core.store.open([config]);
      if (opened === undefined) throw new Error(`${config.id} was not opened`);
      if (opened.kind === "refused") throw new Refusal(opened.trouble);
      await core.keeps.load([opened.config]);
      core.applies.finish([opened.config]);
      const { uploads, parked, proposals, journal } = core;
      const untold = journal.unfinished.length;
      return { live: opened.config, uploads, parked, proposals, untold, close: () => core.close() };
    } catch (error) {
      await core.close();
      throw error;
    }
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
