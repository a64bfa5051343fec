// Which test files share a process, and which are run first: what the suite costs, and whether both workers have work to the end, depends on these.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Their tests work on values: no process, and nothing on disk that another file could meet. */
const roomsOfValues = [
  "catalog",
  "change",
  "chart",
  "document",
  "metrics",
  "model",
  "settings",
  "telegram",
  "telegram-api",
  "words",
];

/** What a file can leave to the next one in its process: other modules, another clock, other settings, or memory that was used up on purpose. */
const leavesTraces =
  /\bvi\.|faulty-disk|process\.(?:env\[[^\]]*\] =|chdir|umask|on\()|\bthreadsMax\b/u;

/** @returns paths from the project's folder. A process of its own costs a file as much processor time as the tests of most of these. */
export function filesThatShareAProcess(): string[] {
  return roomsOfValues
    .flatMap((room) =>
      readdirSync(join("tests", room), { recursive: true, encoding: "utf8" }).map((name) =>
        join("tests", room, name),
      ),
    )
    .filter((file) => file.endsWith(".test.ts") && !leavesTraces.test(readFileSync(file, "utf8")));
}

/** Those that take longest, longest first. The others follow, larger files first; those that share a process are last, since they are short. */
const longest = [
  "end-to-end/chats",
  "end-to-end/odd-answers",
  "end-to-end/rule-chats",
  "end-to-end/no-network",
  "end-to-end/several-bots",
  "crash/disk",
  "end-to-end/no-edit-is-lost",
  "crash/two-kills",
  "sandbox/page-stories",
  "npm-scripts",
  "deploy/package",
  "sandbox/machines",
  "end-to-end/polling",
  "end-to-end/schedule",
  "document/inspector",
  "end-to-end/fuzz",
].map((name) => `tests/${name}.test.ts`);

function placeOf({ moduleId, project }: TestSpecification): number {
  if (!project.config.isolate) return longest.length + 1;
  const place = longest.findIndex((name) => moduleId.endsWith(name));
  return place === -1 ? longest.length : place;
}

/** For vitest's `sequence.sequencer`. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is the sequencer, not an array
    const largerFirst = await super.sort(files);
    return largerFirst.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
