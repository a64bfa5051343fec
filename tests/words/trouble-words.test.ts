import { describe, expect, test } from "vitest";
import type { Trouble } from "../../src/model/trouble.ts";
import { outcomeText } from "../../src/words/outcome-words.ts";
import { textOf } from "../../src/words/text.ts";
import { troubleText } from "../../src/words/trouble-words.ts";

const fileName = "fees.yml";

describe("a trouble says why", () => {
  const told: readonly (readonly [Trouble, string])[] = [
    [{ code: "disk_full" }, "the disk is full"],
    [{ code: "disk_read_only" }, "the disk is read-only"],
    [{ code: "store_no_majority" }, "the store has no majority"],
    [
      { code: "store_refused", params: { text: "etcdserver: permission denied" } },
      "the store refused it (etcdserver: permission denied)",
    ],
    [{ code: "unexpected" }, "an unexpected error (the log has the details)"],
    [{ code: "disk_refused", params: { errno: "EXYZ" } }, "the disk refused (EXYZ)"],
    [
      { code: "link_moved", params: { fileName } },
      "a link on the way to fees.yml leads somewhere else than when the bot started (point it back, or restart the bot to follow it)",
    ],
    [
      { code: "mounted_alone", params: { fileName } },
      "fees.yml is mounted by itself, so it cannot be replaced in one step: mount its folder instead",
    ],
    [
      { code: "history_cannot_be_written", cause: { code: "folder_in_place" } },
      "its history cannot be written: a folder is in its place",
    ],
    [
      { code: "making_durable_failed", cause: { code: "disk_error" } },
      "making it durable failed: the disk reported an error",
    ],
    [
      { code: "keeping_last_edit_failed", cause: { code: "disk_full" } },
      "keeping an edit made by hand at the last moment failed: the disk is full",
    ],
    [
      {
        code: "finishing_failed",
        cause: { code: "history_cannot_be_written", cause: { code: "disk_quota_used_up" } },
      },
      "finishing failed: its history cannot be written: the disk quota is used up",
    ],
    [
      { code: "local_file_not_read", cause: { code: "disk_error" } },
      "the Bot API server's copy of it cannot be read: the disk reported an error",
    ],
    [
      { code: "download_cut_short", params: { arrivedBytes: 3, sizeBytes: 10 } },
      "the download was cut short, 3 of 10 bytes arrived",
    ],
    [
      { code: "download_cut_short", params: { arrivedBytes: 76, sizeBytes: 53 } },
      "what arrived is not the file that was sent, 76 bytes instead of 53",
    ],
    [
      { code: "telegram_asks_to_wait", params: { waitMs: 61_000 } },
      "Telegram asked the bot to wait 2 minutes (send the file again after that)",
    ],
    [
      { code: "telegram_asks_to_wait", params: { waitMs: null } },
      "Telegram asked the bot to wait (send the file again in a few minutes)",
    ],
    [
      { code: "download_too_slow", params: { limitMs: 1500 } },
      "downloading it took longer than 1.5 seconds",
    ],
  ];
  for (const [trouble, text] of told) {
    test(text, () => {
      expect(troubleText(trouble)).toBe(text);
    });
  }
});

test("a failed upload says which file is live and why, as promised", () => {
  const told = { author: { id: 1001, name: "Anna" }, nowMs: 0 };
  const trouble: Trouble = { code: "disk_full" };
  const text = outcomeText(fileName, { kind: "failed", live: "old", trouble }, told);
  expect(textOf(text, Infinity)).toBe(
    "💥 fees.yml was not changed: the disk is full.\nPlease try again once that is fixed.",
  );
});
