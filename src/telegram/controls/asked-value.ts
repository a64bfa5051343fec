// What is said behind /set_*: perhaps a path, a value and a reason.
import type { AskedValue } from "../../change/one-value.ts";
import { reasonOf } from "../api/plain-text.ts";

/** In a key in quotes there may be spaces. */
const pathPattern = /^(?:\["(?:[^"\\]|\\.)*"\]|\S)+/;

/** What holds words together. Telephones put the curved ones in place of the straight ones. */
const quotes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "“": "”",
  "„": "“",
  "‘": "’",
  "«": "»",
};

/** @returns undefined where nothing is said; `open_quote` where a quote before the value is not closed */
export function askedValue(
  rest: string,
): AskedValue | { readonly kind: "open_quote"; readonly path: string } | undefined {
  const [written = ""] = pathPattern.exec(rest) ?? [];
  if (written === "") return undefined;
  // As it is written in a file.
  const path = written.replace(/:$/, "");
  const said = rest.slice(written.length).trim();
  if (said === "") return { path, value: null, reason: null };
  const close = quotes[said.slice(0, 1)];
  const end = close === undefined ? wordEnd(said) : closingQuote(said, close);
  if (end === undefined) return { kind: "open_quote", path };
  const value = close === undefined ? said.slice(0, end) : said.slice(1, end);
  const reason = reasonOf(said.slice(close === undefined ? end : end + 1));
  return { path, value, reason };
}

function wordEnd(text: string): number {
  const space = text.search(/\s/);
  return space === -1 ? text.length : space;
}

/** A quote that ends a word. */
function closingQuote(text: string, quote: string): number | undefined {
  for (let at = text.indexOf(quote, 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    if (!/^\S/.test(text.slice(at + 1))) return at;
  }
  return undefined;
}
