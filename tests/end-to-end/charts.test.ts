// Charts through the real process: pictures of a long history.
import { expect, test } from "vitest";
import { writeLongHistory } from "../long-history.ts";
import { feesFile, openStage } from "./stage.ts";

/** More than are known without reading the history again. */
const revisions = 1500;

function textOf(revision: number): string {
  return feesFile(Math.round(50 + 40 * Math.sin(revision / 300) + (revision % 7)) / 100);
}

test("a long history is one picture that Telegram takes", async () => {
  const { server, anna } = await openStage({
    env: { BACKUP_KEEP: "0" },
    prepare: (folders) => writeLongHistory(folders, revisions, textOf),
  });
  anna.send("/chart_fees maker_percent");
  const message = await anna.waitForText(/maker_percent in fees.yml/);
  const png = server.fileBytes(message.photo?.at(-1)?.file_id ?? "");
  expect(png?.toString("latin1", 1, 4)).toBe("PNG");
  expect(png?.length).toBeLessThan(300_000);
  expect(png?.readUInt32BE(16)).toBe(1080);
  // However slow the machine is: what could not be read in time is left out, and that is told.
  expect(message.caption).toMatch(/^maker_percent in fees\.yml: [\d.]+\n\d+ changes since /);
});
