import { describe, expect, test } from "vitest";
import { feesFile, openStage } from "../end-to-end/stage.ts";
import { straceIsMissing, trace } from "./strace.ts";

/** One system call: the lines of the trace where it began and where it had ended. */
interface Call {
  readonly text: string;
  readonly began: number;
  readonly ended: number;
}

/** The threads' lines stand between each other: a call that another thread's line interrupted ends where it is resumed. */
function callsOf(trace: string): readonly Call[] {
  const calls: Call[] = [];
  const open = new Map<string, { text: string; began: number }>();
  for (const [line, text] of trace.split("\n").entries()) {
    const pid = /^\[pid +(\d+)\]/.exec(text)?.[1] ?? "main";
    if (text.includes("<unfinished ...>")) open.set(pid, { text, began: line });
    else if (text.includes(" resumed>")) {
      const begun = open.get(pid);
      if (begun !== undefined) calls.push({ ...begun, ended: line });
    } else calls.push({ text, began: line, ended: line });
  }
  return calls;
}

describe.skipIf(straceIsMissing)("the order of system calls", () => {
  test("nothing is said, confirmed or replaced before what it relies on is on the disk", async () => {
    const { airlock, anna, server } = await openStage({ env: { UV_THREADPOOL_SIZE: "1" } });
    const names = "trace=fsync,/^(rename|link).*,write,writev,sendto";
    const traced = await trace(airlock.pid(), ["-e", names]);
    anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
    await anna.waitForText("✅ fees.yml updated successfully!");
    const polls = server.requestCursor();
    anna.send("/status");
    await server.waitForRequest(({ method }) => method === "getUpdates", { since: polls });
    await traced.stop();
    const calls = callsOf(traced.text());
    const one = (what: string, pattern: RegExp): Call => {
      const call = calls.find(({ text }) => pattern.test(text));
      if (call === undefined) throw new Error(`no ${what} in\n${traced.text()}`);
      return call;
    };
    const steps = {
      journaled: one("sync of the journal", /fsync\(\d+<[^>]*\/journal\.jsonl>/),
      confirmed: one("confirming poll", /(?:write|writev|sendto)\(.*getUpdates/),
      candidate: one("sync of the candidate", /fsync\(\d+<[^>]*\.airlock-tmp>/),
      ownCopy: one("sync of the own copy", /fsync\(\d+<[^>]*\/\.live\/fees\.[^>]*>/),
      ownFolder: one("sync of the own copies' folder", /fsync\(\d+<[^>]*\/\.live>/),
      backup: one("link of the backup", /link(?:at)?\(.*\/\.live\//),
      backupFolder: one("sync of the backups' folder", /fsync\(\d+<[^>]*\/backups>/),
      renamed: one("rename", /rename(?:at2?)?\(.*airlock-tmp.*fees\.yml/),
      liveFolder: one("sync of the live folder", /fsync\(\d+<[^>]*\/config>/),
      history: one("sync of history", /fsync\(\d+<[^>]*\/history\/fees\.jsonl>/),
      // The first byte of the sign that success is said with, as strace prints it.
      said: one("success", /(?:write|writev|sendto)\(.*\\342\\234\\205 fees\.yml updated/),
    };
    const inOrder = (...names: readonly (keyof typeof steps)[]): void => {
      for (const [index, name] of names.entries()) {
        const before = names[index - 1];
        if (before === undefined) continue;
        expect(steps[name].began, `${name} after ${before}`).toBeGreaterThan(steps[before].ended);
      }
    };
    inOrder("journaled", "confirmed");
    inOrder("candidate", "renamed");
    inOrder("ownCopy", "ownFolder", "backup", "backupFolder", "renamed", "liveFolder", "said");
    inOrder("renamed", "history", "said");
  });
});
