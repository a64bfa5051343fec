// The command line: its commands, their arguments.
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import {
  argumentHelp,
  commandHelp,
  notRevision,
  optionHelp,
  programHelp,
  programsHelp,
} from "../words/program-words.ts";
import type { CheckOptions } from "./check.ts";
import type { CopyOptions } from "./store-copy.ts";
import { CommandFailure, type Terminal } from "./terminal.ts";

/** A command loads its own: whoever asks for a page of history does not wait for what saves a file. */
const load = {
  change: () => import("./change.ts"),
  check: () => import("./check.ts"),
  look: () => import("./look.ts"),
  machines: () => import("./machines.ts"),
  copy: () => import("./store-copy.ts"),
};

const historyCountStandard = 10;

const storeNames: readonly CopyOptions["from"][] = ["local", "etcd"];

interface ChangeFlags {
  readonly reason?: string;
  readonly anyway?: boolean;
}

/**
 * Runs one command.
 * @param args - what follows the program's name
 * @returns the exit code: 0 where all is well, else 1
 */
export async function runCommand(
  args: readonly string[],
  terminal: Terminal,
  version: string,
): Promise<0 | 1> {
  let done = true;
  const program = createProgram(terminal, version, (isDone) => {
    done = isDone;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return done ? 0 : 1;
  } catch (error) {
    // Its message was printed already; help and version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    if (!(error instanceof CommandFailure)) throw error;
    terminal.err(`${error.message}\n`);
    return 1;
  }
}

function createProgram(
  terminal: Terminal,
  version: string,
  end: (isDone: boolean) => void,
): Command {
  const program = new Command("airlock")
    .description(programHelp)
    .version(version)
    .addHelpText("after", programsHelp)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.out(text),
      writeErr: (text) => terminal.err(text),
    });
  const id = (): Argument => new Argument("<id>", argumentHelp.id);
  const revision = (): Argument => new Argument("[revision]").argParser(parseRevision);

  program
    .command("check")
    .description(commandHelp.check)
    .argument("[file]", argumentHelp.file)
    .option("--config <id>", optionHelp.config)
    .option("--stdin-filename <name>", optionHelp.stdinFilename)
    .addOption(new Option("--format <format>").choices(["text", "json"]).default("text"))
    .action(async (file: string | undefined, options: CheckOptions) => {
      end(await (await load.check()).check(terminal, file, options));
    });
  program
    .command("history")
    .description(commandHelp.history)
    .addArgument(id())
    .option("--count <number>", optionHelp.count, parseRevision, historyCountStandard)
    .action(async (name: string, { count }: { readonly count: number }) =>
      (await load.look()).history(terminal, name, count),
    );
  program
    .command("diff")
    .description(commandHelp.diff)
    .addArgument(id())
    .addArgument(revision())
    .action(async (name: string, from: number | undefined) =>
      (await load.look()).diff(terminal, name, from),
    );
  program
    .command("get")
    .description(commandHelp.get)
    .addArgument(id())
    .addArgument(revision())
    .action(async (name: string, which: number | undefined) =>
      (await load.look()).get(terminal, name, which),
    );
  program
    .command("apply")
    .description(commandHelp.apply)
    .addArgument(id())
    .argument("<file>", argumentHelp.file)
    .option("--reason <text>", optionHelp.reason)
    .option("--anyway", optionHelp.anywayStale)
    .action(async (name: string, file: string, { reason, anyway = false }: ChangeFlags) => {
      const { apply } = await load.change();
      end(await apply(terminal, name, file, { ...(reason && { reason }), anyway }));
    });
  program
    .command("rollback")
    .description(commandHelp.rollback)
    .addArgument(id())
    .addArgument(new Argument("<revision>").argParser(parseRevision))
    .option("--reason <text>", optionHelp.reason)
    .option("--anyway", optionHelp.anywayRefused)
    .action(async (name: string, to: number, { reason, anyway = false }: ChangeFlags) => {
      const { rollback } = await load.change();
      end(await rollback(terminal, name, to, { ...(reason && { reason }), anyway }));
    });
  program
    .command("follow")
    .description(commandHelp.follow)
    .option("--once", optionHelp.once)
    .action(async ({ once = false }: { readonly once?: boolean }) =>
      (await load.machines()).follow(terminal, once),
    );
  program
    .command("machines")
    .description(commandHelp.machines)
    .action(async () => (await load.machines()).listMachines(terminal))
    .command("remove")
    .description(commandHelp.removeMachine)
    .argument("<name>", argumentHelp.machine)
    .action(async (name: string) => (await load.machines()).removeMachine(terminal, name));
  program
    .command("store")
    .description(commandHelp.store)
    .command("copy")
    .description(commandHelp.storeCopy)
    .addOption(new Option("--from <store>").choices(storeNames).makeOptionMandatory())
    .addOption(new Option("--to <store>").choices(storeNames).makeOptionMandatory())
    .action(async (options: CopyOptions) => {
      end(await (await load.copy()).copyStore(terminal, options));
    });
  return program;
}

function parseRevision(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError(notRevision);
  return Number(text);
}
