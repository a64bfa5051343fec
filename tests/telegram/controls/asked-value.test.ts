import { expect, test } from "vitest";
import { askedValue } from "../../../src/telegram/controls/asked-value.ts";

for (const { said, path, value = null, reason = null } of [
  { said: "maker_percent", path: "maker_percent" },
  { said: "maker_percent 0.09", path: "maker_percent", value: "0.09" },
  { said: "maker_percent: 0.09", path: "maker_percent", value: "0.09" },
  {
    said: "maker_percent  0.09\nwinter  prices ",
    path: "maker_percent",
    value: "0.09",
    reason: "winter prices",
  },
  { said: 'note "two words" because', path: "note", value: "two words", reason: "because" },
  { said: "note 'it's so' because", path: "note", value: "it's so", reason: "because" },
  { said: "note “two words”", path: "note", value: "two words" },
  { said: "note «two words» because", path: "note", value: "two words", reason: "because" },
  { said: 'note ""', path: "note", value: "" },
  { said: 'm["a b"].c 1', path: 'm["a b"].c', value: "1" },
]) {
  test(`read as a path, a value and a reason: ${said}`, () => {
    expect(askedValue(said)).toEqual({ path, value, reason });
  });
}

test("nothing is asked where nothing is said, and a quote has to be closed", () => {
  expect(askedValue(" ")).toBeUndefined();
  expect(askedValue('note "two words')).toEqual({ kind: "open_quote", path: "note" });
});
