// What the schema refuses, in our words and at the place in the document that it is about.
import { closestMatch } from "leven";
import { z } from "zod";
import { type DocumentPlaces, placeFinder, type PlaceFinder } from "./document-places.ts";
import type { Problem } from "./problem.ts";
import { type PathStep, pathText, valueText } from "./problem-path.ts";

/** A key that differs in more is another word, not a typo. */
const typoDistanceMax = 3;

/** Every issue of zod as a problem of the document. */
export function schemaProblems(
  schema: z.ZodType,
  issues: readonly z.core.$ZodIssue[],
  places: DocumentPlaces,
): readonly Problem[] {
  const find = placeFinder(places);
  return issues.flatMap((issue) => issueProblems(schema, issue, find));
}

function issueProblems(
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  find: PlaceFinder,
): readonly Problem[] {
  const steps = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const known = knownKeys(schema, steps);
      const nearest = closestMatch(key, known, { maxDistance: typoDistanceMax });
      const path = [...steps, key];
      const hint = nearest === undefined ? knownKeysHint(known) : `: did you mean ${nearest}?`;
      return problemAt(find, find.place(path).key, path, `is not a known key${hint}`);
    });
  }
  const place = find.place(steps);
  if (issue.code === "custom" && issue.params?.["aboutTheKey"] === true) {
    return [problemAt(find, place.key, steps, issue.message)];
  }
  const message = place.exists ? issueMessage(issue) : "is missing";
  return [problemAt(find, place.value, steps, message)];
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

function problemAt(
  find: PlaceFinder,
  offset: number,
  steps: readonly PathStep[],
  message: string,
): Problem {
  return { ...find.position(offset), path: pathText(steps), message };
}
