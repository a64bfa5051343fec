// `airlock store copy`: history and kept versions from this machine's disk to etcd, or back. No bot may run meanwhile.
import { troubleOrThrow } from "../file/disk-error.ts";
import {
  copyEndLine,
  copyNeedsEtcd,
  copyNeedsTwoStores,
  nothingCopied,
  stopTheBot,
} from "../words/copy-words.ts";
import { makeFolders } from "../settings/folders.ts";
import { takeTurnAsCommand } from "./turn-of-command.ts";
import { CommandFailure, mustParse, type Terminal } from "./terminal.ts";

export interface CopyOptions {
  readonly from: "local" | "etcd";
  readonly to: "local" | "etcd";
}

/** @returns whether all configs are in both now */
export async function copyStore(terminal: Terminal, { from, to }: CopyOptions): Promise<boolean> {
  const settings = mustParse(await terminal.settings.forChange());
  if (from === to) throw new CommandFailure(copyNeedsTwoStores);
  if (settings.etcd === undefined) throw new CommandFailure(copyNeedsEtcd);
  const notMade = makeFolders(settings);
  if (notMade.length > 0) throw new CommandFailure(notMade.join("\n"));
  const turn = await takeTurnAsCommand(settings);
  if (turn.kind === "bot") {
    turn.socket.destroy();
    throw new CommandFailure(stopTheBot(turn.pid));
  }
  if (turn.kind === "trouble") throw new CommandFailure(turn.message);
  try {
    const copied = await terminal.machine.copyStore(settings, to);
    for (const { config, end, isWhole } of copied) {
      await terminal.out(`${copyEndLine(config.fileName, to, end, isWhole)}\n`);
    }
    return copied.every(({ isWhole }) => isWhole);
  } catch (error) {
    const trouble = troubleOrThrow(error);
    throw new CommandFailure(nothingCopied(trouble));
  } finally {
    await turn.held.release();
  }
}
