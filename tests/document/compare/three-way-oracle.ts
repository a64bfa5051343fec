// The three-way merge of values once more, as simple as it can be, to compare the product's with. Reads documents by the `yaml` package, which the product
// neither compares nor merges with, and knows a number by its digits.
import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";

export type Value =
  null | boolean | string | { readonly number: string } | readonly Value[] | ValueMap;
interface ValueMap {
  readonly entries: ReadonlyMap<string, Value>;
}

/** @throws for what is no valid document */
export function valueOf(text: string): Value {
  const document = parseDocument(text, { version: "1.2", schema: "core" });
  if (document.errors.length > 0) throw new Error(document.errors[0]?.message);
  const plain = (node: unknown): Value => {
    if (node === null) return null;
    if (isAlias(node)) return plain(node.resolve(document));
    if (isSeq(node)) return node.items.map(plain);
    if (isMap(node)) {
      return {
        entries: new Map(
          node.items.map(({ key, value }) => [
            isScalar(key) ? String(key.value) : "?",
            plain(value),
          ]),
        ),
      };
    }
    if (!isScalar(node)) throw new Error("there is another node");
    const { value, source } = node;
    if (typeof value === "number") return { number: exactly(source ?? String(value)) };
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    throw new Error("there is another scalar");
  };
  return plain(document.contents);
}

/** As a fraction with a power of ten below: 0.10 and 1e-1 are both 1/10. */
function exactly(source: string): string {
  if (source.startsWith("0x")) return `${BigInt(source)}/1`;
  const [mantissa = "", power = "0"] = source.toLowerCase().replace("+", "").split("e");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  let top = BigInt(whole + fraction);
  let below = fraction.length - Number(power);
  while (below < 0) [top, below] = [top * 10n, below + 1];
  while (below > 0 && top % 10n === 0n) [top, below] = [top / 10n, below - 1];
  return `${mantissa.startsWith("-") ? "-" : ""}${top}/${10n ** BigInt(top === 0n ? 0 : below)}`;
}

export function isSame(one: Value | undefined, other: Value | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return textOf(one) === textOf(other);
}

/** The same for equal values, whatever the order of their keys. */
function textOf(value: Value): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if ("number" in value) return value.number;
  if (!isEntries(value)) return `[${value.map(textOf).join()}]`;
  const pairs = [...value.entries].map(([key, inner]) => `${JSON.stringify(key)}:${textOf(inner)}`);
  return `{${pairs.toSorted().join()}}`;
}

function isEntries(value: Value | undefined): value is ValueMap {
  return (
    typeof value === "object" &&
    value !== null &&
    "entries" in value &&
    value.entries instanceof Map
  );
}

export interface Merged {
  readonly value: Value | undefined;
  /** Keys joined by `/`. */
  readonly conflicts: readonly string[];
}

export function merged(
  base: Value | undefined,
  live: Value | undefined,
  mine: Value | undefined,
  path: readonly string[] = [],
): Merged {
  if (isSame(base, mine) || isSame(live, mine)) return { value: live, conflicts: [] };
  if (isEntries(base) && isEntries(live) && isEntries(mine)) {
    const keys = new Set([...live.entries.keys(), ...mine.entries.keys()]);
    const entries = new Map<string, Value>();
    const conflicts: string[] = [];
    for (const key of keys) {
      const inner = merged(base.entries.get(key), live.entries.get(key), mine.entries.get(key), [
        ...path,
        key,
      ]);
      conflicts.push(...inner.conflicts);
      if (inner.value !== undefined) entries.set(key, inner.value);
    }
    return { value: { entries }, conflicts };
  }
  if (isSame(base, live)) return { value: mine, conflicts: [] };
  return { value: live, conflicts: [path.join("/")] };
}
