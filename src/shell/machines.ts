// The commands about the machines that follow a store: following it on this one, listing them, removing one.
import { machineLines, machineRemoved, machineUnknown } from "../words/follow-words.ts";
import { CommandFailure, type Terminal } from "./terminal.ts";

/** Runs until a signal ends the process; with `isOnce` until every file is written. */
export async function follow({ followHere }: Terminal, isOnce: boolean): Promise<void> {
  const problems = await followHere(isOnce);
  if (problems.length > 0) throw new CommandFailure(problems.join("\n"));
}

export async function listMachines(terminal: Terminal): Promise<void> {
  const lines = machineLines(await terminal.machines.list(), Date.now());
  await terminal.out(lines.map((line) => `${line}\n`).join(""));
}

export async function removeMachine(terminal: Terminal, name: string): Promise<void> {
  const known = await terminal.machines.list();
  const found = known.find((each) => each.name === name);
  if (found === undefined) throw new CommandFailure(machineUnknown(name));
  await terminal.machines.remove(name);
  await terminal.out(`${machineRemoved(name, found.isSeen)}\n`);
}
