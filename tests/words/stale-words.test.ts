import { expect, test } from "vitest";
import type { StaleOutcome } from "../../src/model/outcome.ts";
import { staleText } from "../../src/words/stale-words.ts";
import { render } from "../../src/words/text.ts";

const nowMs = Date.parse("2026-11-23T14:05:09.000Z");

function said(how: StaleOutcome["how"], total: number): readonly string[] {
  const one = { path: ["a"], line: 1, base: "1", live: "2", candidate: "3" };
  const outcome: StaleOutcome = {
    kind: "stale",
    parkedId: "",
    how,
    live: null,
    changedOnDiskAt: "2026-11-23T14:00:09.000Z",
    undone: { changes: [], total },
    mergeable: false,
    conflicts: total === 0 ? [] : [one],
    conflictsTotal: total,
  };
  return (["en", "ru"] as const).map((language) =>
    render(staleText("fees.yml", outcome, nowMs), language)
      .text.split("\n")
      .slice(2)
      .join("\n"),
  );
}

for (const { how, undoes, keeps } of [
  {
    how: "upload",
    undoes: [
      /^Your file would undo[^]*Both of you changed:\na: was 1, is 2, yours 3$/u,
      /^Ваш файл отменил бы/u,
    ],
    keeps: ["Your file keeps that change.", "Ваш файл это изменение не отменяет."],
  },
  {
    how: "value",
    undoes: [/^Your edit would undo[^]*yours 3$/u, /^Ваша правка отменила бы[^]*у вас 3$/u],
    keeps: ["Your edit keeps that change.", "Ваша правка это изменение не отменяет."],
  },
  {
    how: "rollback",
    undoes: [
      /^Going back would undo[^]*Changed since, and changed again by going back:\na: was 1, is 2, would be 3$/u,
      /^Откат отменил бы[^]*а при откате изменится ещё раз:\na: было 1, сейчас 2, стало бы 3$/u,
    ],
    keeps: ["Going back keeps that change.", "Откат это изменение не отменяет."],
  },
] as const) {
  test(`what a stale ${how} would undo is said of what its admin has asked for`, () => {
    const [en, ru] = said(how, 1);
    expect(en).toMatch(undoes[0]);
    expect(ru).toMatch(undoes[1]);
    expect(said(how, 0)).toEqual(keeps);
  });
}
