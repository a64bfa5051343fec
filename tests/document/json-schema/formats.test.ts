import * as fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { formatCheck } from "../../../src/document/json-schema/formats.ts";

const names =
  "date time date-time duration email idn-email hostname idn-hostname ipv4 ipv6 uri uri-reference iri iri-reference uuid uri-template json-pointer relative-json-pointer regex".split(
    " ",
  );

afterEach(() => {
  vi.restoreAllMocks();
});

test("no format throws, whatever the text, and none writes to standard output, where the log is", () => {
  const written = vi.spyOn(console, "log").mockReturnValue();
  const hostile = fc.constantFrom("a@[x:y]", "a@-b-.c", "xn--X", "\u302E", "(", "%zz", "\uD800");
  const piece = fc.oneof(hostile, fc.string({ unit: "binary", maxLength: 6 }));
  const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(fc.constantFrom(...names), text, (name, each) => {
      expect(formatCheck(name)?.(each)).toBeTypeOf("boolean");
    }),
    { numRuns: 3000 },
  );
  expect(written).not.toHaveBeenCalled();
});

test("an internationalised address is one, and half of one is not", () => {
  const isIdnEmail = formatCheck("idn-email");
  expect(isIdnEmail?.("실례@실례.테스트")).toBe(true);
  expect(isIdnEmail?.("실례")).toBe(false);
  expect(isIdnEmail?.("a@실례..c")).toBe(false);
  expect(formatCheck("email")?.("a@[x:y]")).toBe(false);
});

test("a format that nobody knows refuses nothing", () => {
  expect(formatCheck("price")).toBeUndefined();
});
