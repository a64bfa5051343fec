// Where in a document something is that was found in its value.
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type ParsedNode,
  type YAMLMap,
} from "yaml";
import type { PathStep } from "./problem-path.ts";
import { keyText } from "./walk-document.ts";

/** One document and its positions. */
export interface DocumentPlaces {
  readonly root: ParsedNode;
  readonly lines: LineCounter;
  readonly aliasTargets: ReadonlyMap<Alias.Parsed, ParsedNode>;
}

/** Offsets in the text. */
interface Place {
  /** Of the value; the key where there is no value, the nearest parent where there is neither. */
  readonly value: number;
  readonly key: number;
  readonly exists: boolean;
}

export interface PlaceFinder {
  place(steps: readonly PathStep[]): Place;
  /** The value itself; undefined where there is none, or where an alias or a list is on the way to it. */
  node(steps: readonly PathStep[]): ParsedNode | undefined;
  /** Both count from 1. */
  position(offset: number): { readonly line: number; readonly column: number };
}

/** Finds places in one document; each map's keys are indexed once, so that many questions cost no more than few. */
export function placeFinder({ root, lines, aliasTargets }: DocumentPlaces): PlaceFinder {
  const indexes = new Map<YAMLMap.Parsed, ReadonlyMap<string, YAMLMap.Parsed["items"][number]>>();

  function pairOf(map: YAMLMap.Parsed, key: string): YAMLMap.Parsed["items"][number] | undefined {
    let index = indexes.get(map);
    if (index === undefined) {
      index = new Map(map.items.map((pair) => [isScalar(pair.key) ? keyText(pair.key) : "", pair]));
      indexes.set(map, index);
    }
    return index.get(key);
  }

  return {
    place(steps) {
      let node: ParsedNode | null = root;
      let value = root.range[0];
      let key = value;
      for (const step of steps) {
        if (isAlias(node)) node = aliasTargets.get(node) ?? null;
        if (isMap(node)) {
          const pair = pairOf(node, String(step));
          if (pair === undefined) return { value, key, exists: false };
          key = pair.key.range[0];
          node = pair.value;
        } else if (isSeq(node) && typeof step === "number") {
          node = node.items[step] ?? null;
          if (node === null) return { value, key, exists: false };
          key = node.range[0];
        } else return { value, key, exists: false };
        value = node?.range[0] ?? key;
      }
      return { value, key, exists: true };
    },
    node(steps) {
      let node: ParsedNode | null | undefined = root;
      for (const step of steps) node = isMap(node) ? pairOf(node, String(step))?.value : undefined;
      return node ?? undefined;
    },
    position(offset) {
      const { line, col } = lines.linePos(offset);
      return { line, column: col };
    },
  };
}
