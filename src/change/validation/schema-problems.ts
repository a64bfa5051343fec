// What the schema refuses, in our words and at the place in the document that it is about.
import { closestMatch } from "leven";
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
import { z } from "zod";
import type { Problem } from "./problem.ts";
import { type PathStep, pathText, valueText } from "./problem-path.ts";
import { keyText } from "./walk-document.ts";

/** A key that differs in more is another word, not a typo. */
const typoDistanceMax = 3;

/** Finds places in one document; each map's keys are indexed once, so that many problems cost no more than few. */
export interface DocumentPlaces {
  readonly root: ParsedNode;
  readonly lines: LineCounter;
  readonly aliasTargets: ReadonlyMap<Alias.Parsed, ParsedNode>;
}

/** Every issue of zod as a problem of the document. */
export function schemaProblems(
  schema: z.ZodType,
  issues: readonly z.core.$ZodIssue[],
  places: DocumentPlaces,
): readonly Problem[] {
  const find = createFinder(places);
  return issues.flatMap((issue) => issueProblems(schema, issue, find));
}

interface Place {
  /** Of the value; the key where there is no value, the nearest parent where there is neither. */
  readonly value: number;
  readonly key: number;
  readonly exists: boolean;
}

interface Finder {
  place(steps: readonly PathStep[]): Place;
  at(offset: number, steps: readonly PathStep[], message: string): Problem;
}

function issueProblems(
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  find: Finder,
): readonly Problem[] {
  const steps = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const known = knownKeys(schema, steps);
      const nearest = closestMatch(key, known, { maxDistance: typoDistanceMax });
      const path = [...steps, key];
      const hint = nearest === undefined ? knownKeysHint(known) : `: did you mean ${nearest}?`;
      return find.at(find.place(path).key, path, `is not a known key${hint}`);
    });
  }
  const place = find.place(steps);
  if (issue.code === "invalid_key") {
    const [inner] = issue.issues;
    return [find.at(place.key, steps, inner?.message ?? "is not a key that is accepted here")];
  }
  const message = place.exists ? issueMessage(issue) : "is missing";
  return [find.at(place.value, steps, message)];
}

function knownKeysHint(known: readonly string[]): string {
  return known.length === 0 ? "" : ` (known are ${known.join(", ")})`;
}

function issueMessage(issue: z.core.$ZodIssue): string {
  const got = `, got ${valueText(issue.input)}`;
  switch (issue.code) {
    case "invalid_type":
      return `must be ${typeText(issue.expected)}${got}`;
    case "too_big":
      return `must be ${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}${got}`;
    case "too_small":
      return `must be ${issue.inclusive === false ? "greater than" : "at least"} ${issue.minimum}${got}`;
    case "invalid_format":
      return `${issue.message}${got}`;
    // Our own rules say all that there is to say.
    default:
      return issue.message;
  }
}

function typeText(expected: string): string {
  switch (expected) {
    case "object":
    case "record":
    case "map":
      return "a map of keys and values";
    case "array":
      return "a list";
    case "string":
      return "a text";
    default:
      return `a ${expected}`;
  }
}

/** The keys that the schema knows at this place. */
function knownKeys(schema: z.ZodType, steps: readonly PathStep[]): readonly string[] {
  let current: z.core.$ZodType = schema;
  for (const step of steps) {
    current = unwrap(current);
    if (current instanceof z.ZodObject) {
      const next = Object.entries(current.shape).find(([key]) => key === step)?.[1];
      if (next === undefined) return [];
      current = next;
    } else if (current instanceof z.ZodRecord) current = current.valueType;
    else if (current instanceof z.ZodArray) current = current.element;
    else return [];
  }
  const last = unwrap(current);
  return last instanceof z.ZodObject ? Object.keys(last.shape) : [];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema;
}

function createFinder({ root, lines, aliasTargets }: DocumentPlaces): Finder {
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
    at(offset, steps, message) {
      const { line, col } = lines.linePos(offset);
      return { line, column: col, path: pathText(steps), message };
    },
  };
}
