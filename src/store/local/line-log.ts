// A file of lines that holds what is true now: each line changes that, and where too many no longer matter, those that do are written
// to a new file that takes the old one's place. All lines that wait are written together, and share one sync.
import { basename, dirname, join } from "node:path";
import { refusing } from "../../file/disk-error.ts";
import { syncFolder } from "../../file/folder.ts";
import { replaceOwnFile } from "../../file/replace-file.ts";
import { openLineFile } from "./append-line.ts";
import { listFiles, removeFile } from "./back-up-file.ts";

/** More lines than this, and twice as many as still matter, are written anew. */
const linesMax = 5000;

export interface LineLog<Line> {
  /**
   * Resolves when the line is written; where `durable`, when it is synced too.
   * @throws Refusal
   */
  write(line: Line, durable: boolean): Promise<void>;
  /** Resolves when everything is written. */
  idle(): Promise<void>;
}

export interface LineLogOptions<Line> {
  /** How many lines the file has. */
  readonly lineCount: number;
  /** The fewest lines that mean what all of them do, those included that are being written. */
  readonly lines: () => readonly Line[];
  readonly textOf: (line: Line) => string;
  readonly onTrouble: (error: unknown) => void;
}

/** Opens it for adding; what a crash left of writing it anew is removed. */
export async function openLineLog<Line>(
  path: string,
  { lineCount, lines, textOf, onTrouble }: LineLogOptions<Line>,
): Promise<LineLog<Line>> {
  await removeHalfWritten(path);
  const file = openLineFile(path);
  let written = lineCount;
  /** So many lines are not worth writing anew. */
  let linesFew = linesMax;
  /** Lines are missing that the disk refused; what they mean is in {@link LineLogOptions.lines}. */
  let isIncomplete = false;
  let waiting: Waiting<Line>[] = [];
  let writing: Promise<void> = Promise.resolve();

  async function writeAnew(kept: readonly Line[]): Promise<void> {
    const text = kept.map((line) => `${textOf(line)}\n`).join("");
    await replaceOwnFile(path, Buffer.from(text));
    await syncFolder(dirname(path));
    written = kept.length;
    isIncomplete = false;
  }

  async function append(group: readonly Waiting<Line>[]): Promise<void> {
    const sync = group.some(({ durable }) => durable);
    await file.append(
      group.map(({ line }) => textOf(line)),
      { sync },
    );
    written += group.length;
  }

  async function tidy(): Promise<void> {
    if (written <= linesFew) return;
    const kept = lines();
    // They are not gathered again before they could be half of all.
    linesFew = Math.max(linesMax, 2 * kept.length);
    if (written <= linesFew) return;
    try {
      await writeAnew(kept);
    } catch (error) {
      onTrouble(error);
    }
  }

  async function writeWaiting(): Promise<void> {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    try {
      if (isIncomplete) await writeAnew(lines());
      else await append(group);
      for (const { done } of group) done();
    } catch (error) {
      isIncomplete = true;
      for (const { failed } of group) failed(error);
      return;
    }
    await tidy();
  }

  return {
    write(line, durable) {
      const written = new Promise<void>((done, failed) => {
        waiting.push({ line, durable, done, failed });
      });
      writing = writing.then(writeWaiting);
      return refusing(written);
    },
    idle: () => writing,
  };
}

interface Waiting<Line> {
  readonly line: Line;
  readonly durable: boolean;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

async function removeHalfWritten(path: string): Promise<void> {
  const folder = dirname(path);
  const strays = (await listFiles(folder, /\.[0-9a-f]{8}$/)).filter((name) =>
    name.startsWith(`${basename(path)}.`),
  );
  for (const stray of strays) await removeFile(join(folder, stray));
}
