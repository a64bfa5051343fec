// A config opened to be changed by the command line where no bot runs. Loaded only by the commands that change something.
import { openCore } from "./core.ts";
import { Refusal } from "./model/trouble.ts";
import type { OpenHere } from "./shell/perform-here.ts";
import { openLocalBacking } from "./store/local/local-backing.ts";

/** Every command line is another process; nobody waits for a word there. */
const noAge = Number.POSITIVE_INFINITY;

const report = (): void => {};

/** @throws what the store refuses */
export const openHere: OpenHere = async (config, settings, listener) => {
  const { etcd } = settings;
  const core = await openCore(
    etcd === undefined
      ? await openLocalBacking(settings, (text) => text, report)
      : await (await import("./shared-store-commands.ts")).openSharedBacking({ ...settings, etcd }),
    { ...settings, parkedAgeMaxMs: noAge, clean: (text) => text },
    // What matters is in the outcome; a bot would only log the rest. What waits for a word is the running bot's to give up.
    {
      ...listener,
      report,
      tellGivenUp: () => {},
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
};
