// Where the log goes: standard output, which may be on a full disk, a terminal that is gone or a pipe that nobody reads any more.
// A line that cannot be written is lost and counted; whoever logged it goes on.
import { writeSync } from "node:fs";
import type { LogDestination } from "./logger.ts";

const newline = "\n";
const standardOutput = 1;

export interface LogOutput extends LogDestination {
  /** Lines that could not be written, since the start. */
  readonly linesLost: number;
}

/** Lines are written before {@link LogDestination.write} returns, so an exit loses none. It never throws. */
export function openLogOutput(): LogOutput {
  let linesLost = 0;
  /** The last line was cut in the middle: the next one begins on a line of its own. */
  let torn = false;

  /** @returns whether all of it was written */
  function writeAll(bytes: Buffer): boolean {
    let written = 0;
    try {
      while (written < bytes.length) {
        written += writeSync(standardOutput, bytes, written);
      }
      torn = false;
      return true;
    } catch {
      // Not logged, for there is no log; whoever reads the metrics sees it.
      torn ||= written > 0;
      return false;
    }
  }

  return {
    get linesLost() {
      return linesLost;
    },
    write(line) {
      if (!writeAll(Buffer.from(torn ? newline + line : line))) linesLost += 1;
    },
  };
}

/** Makes Node's own words on standard error, such as its warnings, no reason to end where they cannot be written. */
export function surviveLostStandardError(): void {
  process.stderr.on("error", () => {
    // There is nowhere left to tell it.
  });
}
