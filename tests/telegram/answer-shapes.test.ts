import { expect, test } from "vitest";
import { readAnswer } from "../../src/telegram/api/answer-shapes.ts";

for (const method of ["editMessageText", "editMessageReplyMarkup"]) {
  test(`a ${method} that is answered without the message is not taken as done`, () => {
    const misshapen = { ok: false, oddity: "misshapen" };
    expect(readAnswer(method, 200, '{"ok":true,"result":true}')).toEqual(misshapen);
    const answer = { ok: true, result: { message_id: 7 } };
    expect(readAnswer(method, 200, JSON.stringify(answer))).toEqual({ ok: true, answer });
  });
}
