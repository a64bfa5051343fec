import { expect, test } from "vitest";
import type { Revision } from "../../src/model/revision.ts";
import { diskRefused, liveCaption, unreadable } from "../../src/words/answer-words.ts";
import { catalogRefused } from "../../src/words/catalog-refusal-words.ts";
import { historyText } from "../../src/words/history-words.ts";
import { statusLines } from "../../src/words/overview-words.ts";
import { render, type Text } from "../../src/words/text.ts";

const found: Revision = {
  revision: 1,
  at: "2026-11-23T14:05:09.000Z",
  how: "found",
  author: null,
  reason: null,
  sha256: "ab".repeat(32),
  previous_sha256: null,
  bytes: 40,
  backup: null,
  message: null,
};
const undone: Revision = { ...found, revision: 2, how: "undo", author: { id: 1, name: "Аня" } };
const version = { sha256: found.sha256, modifiedAt: found.at, revision: 1 };

function russian(text: Text): string {
  return render(text, "ru").text;
}

test("the caption of a file says in Russian where it came from", () => {
  expect(russian(liveCaption("fees.yml", version, found))).toBe(
    "fees.yml, ревизия 1\nисходный файл, 2026-11-23 14:05:09 UTC\nsha256 abababababab",
  );
});

test("a disk's refusal is said in Russian", () => {
  const trouble = { code: "disk_full" } as const;
  expect(russian([unreadable("fees.yml", trouble)])).toBe(
    "Не удалось прочитать fees.yml: диск заполнен. Ничего не изменено.",
  );
  expect(russian([diskRefused(trouble)])).toContain("Не получилось: диск заполнен. Ни один");
});

test("the overview says in Russian who changed a config, and why it cannot be read", () => {
  const config = {
    fileName: "fees.yml",
    last: found,
    changedOnDiskAt: undefined,
    missing: false,
    trouble: { code: "disk_error" } as const,
    savedBy: undefined,
    service: undefined,
    spread: undefined,
    freeze: undefined,
  };
  expect(russian(statusLines([config], "1.0.0", 61_000))).toBe(
    "fees.yml: ревизия 1, 2026-11-23 14:05:09 UTC, исходный файл\n" +
      "  не читается: диск сообщил об ошибке\n\nAirlock 1.0.0, работает 1 минуту",
  );
});

test("why airlock.yml is refused is said in Russian", () => {
  const text = catalogRefused({ path: "/airlock.yml", shownAs: "airlock.yml", named: undefined }, [
    { code: "cannot_be_opened", id: "fees", cause: { code: "folder_gone" } },
    { code: "nobody_named" },
  ]);
  expect(russian(text)).toBe(
    "⚠️ airlock.yml прочитан заново и не принят: найдено 2 проблемы. Действуют прежние правила. Сообщите администратору бота.\n" +
      "airlock.yml: configs.fees: не открыть: его папки больше нет\n" +
      "airlock.yml: people: должен быть указан хоть кто-то, потому что в ADMIN_IDS никого нет",
  );
});

test("in a line of history nothing but its names begins with a capital letter", () => {
  const lines = [{ entry: undone, restored: 1, kept: true, change: null }];
  expect(russian(historyText("fees.yml", lines, undefined, undefined, 100))).toBe(
    "История fees.yml, сначала новые:\n2: 2026-11-23 14:05:09 UTC, отмена ревизии 1 (Аня)",
  );
});
