import { expect, test } from "vitest";
import { readAnswer } from "../../../src/telegram/api/answer-shapes.ts";

for (const method of ["editMessageText", "editMessageReplyMarkup"]) {
  test(`a ${method} is done where it is answered with the message or with true, as Telegram describes it, and with nothing else`, () => {
    for (const result of [true, { message_id: 7 }]) {
      const answer = { ok: true, result };
      expect(readAnswer(method, 200, JSON.stringify(answer))).toEqual({ ok: true, answer });
    }
    for (const result of [false, null, "true", 7, {}]) {
      const text = JSON.stringify({ ok: true, result });
      expect(readAnswer(method, 200, text)).toEqual({ ok: false, oddity: "misshapen" });
    }
  });
}
