// The words of the command line: its commands, their arguments, their help.
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { apply, rollback } from "./change.ts";
import { check, type CheckOptions } from "./check.ts";
import { diff, get, history } from "./look.ts";
import { CommandFailure, type Terminal } from "./terminal.ts";

const historyCountStandard = 10;

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
    .description("Checks, shows and changes the configs that Airlock manages.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.out(text),
      writeErr: (text) => terminal.err(text),
    });
  const id = (): Argument => new Argument("<id>", "a config, such as fees");
  const revision = (): Argument => new Argument("[revision]").argParser(parseRevision);

  program
    .command("check")
    .description(
      "check a file as an upload is checked; without one, every live config and airlock.yml",
    )
    .argument("[file]", "- is standard input")
    .option("--config <id>", "which config it is; else its name tells")
    .option("--stdin-filename <name>", "what standard input is called, and told by")
    .addOption(new Option("--format <format>").choices(["text", "json"]).default("text"))
    .action(async (file: string | undefined, options: CheckOptions) => {
      end(await check(terminal, file, options));
    });
  program
    .command("history")
    .description("who changed a config, and when")
    .addArgument(id())
    .option("--count <number>", "how many, the newest first", parseRevision, historyCountStandard)
    .action((name: string, { count }: { readonly count: number }) =>
      history(terminal, name, count),
    );
  program
    .command("diff")
    .description("what changed since the revision before, or since another one")
    .addArgument(id())
    .addArgument(revision())
    .action((name: string, from: number | undefined) => diff(terminal, name, from));
  program
    .command("get")
    .description("the live file, or an older revision, byte for byte")
    .addArgument(id())
    .addArgument(revision())
    .action((name: string, which: number | undefined) => get(terminal, name, which));
  program
    .command("apply")
    .description("replace a config with a file, as an upload does")
    .addArgument(id())
    .argument("<file>", "- is standard input")
    .option("--reason <text>", "kept in history and shown with the change")
    .option("--anyway", "also where somebody else changed it since your last change")
    .action(async (name: string, file: string, { reason, anyway = false }: ChangeFlags) => {
      end(await apply(terminal, name, file, { ...(reason && { reason }), anyway }));
    });
  program
    .command("rollback")
    .description("go back to an older revision, which makes a new one")
    .addArgument(id())
    .addArgument(new Argument("<revision>").argParser(parseRevision))
    .option("--reason <text>", "kept in history and shown with the change")
    .option("--anyway", "also where today's rules refuse that version")
    .action(async (name: string, to: number, { reason, anyway = false }: ChangeFlags) => {
      end(await rollback(terminal, name, to, { ...(reason && { reason }), anyway }));
    });
  return program;
}

function parseRevision(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a number from 1.");
  return Number(text);
}
