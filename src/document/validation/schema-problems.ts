// What the schema refuses, in our words and at the place in the document that it is about.
import { z } from "zod";
import { type DocumentPlaces, placeFinder, type PlaceFinder } from "./document-places.ts";
import { withoutMisspelt } from "./misspelt-keys.ts";
import type { Problem } from "../../model/problem.ts";
import { pathText, valueText } from "./problem-path.ts";
import type { PathStep } from "../../model/comparison.ts";
import {
  countText,
  limitText,
  missingKeyText,
  oneOfText,
  typeText,
  unknownKeyText,
} from "./problem-words.ts";

/** Every issue of zod as a problem of the document. */
export function schemaProblems(
  schema: z.ZodType,
  issues: readonly z.core.$ZodIssue[],
  places: DocumentPlaces,
): readonly Problem[] {
  const find = placeFinder(places);
  const found = issues.flatMap((issue) => foundProblems(schema, issue, find));
  return withoutMisspelt(found).map(({ path, offset, message }) => ({
    ...find.position(offset),
    path: pathText(path),
    message,
  }));
}

interface FoundProblem {
  readonly path: readonly PathStep[];
  /** In the text. */
  readonly offset: number;
  readonly message: string;
}

function foundProblems(
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  find: PlaceFinder,
): readonly FoundProblem[] {
  const steps = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const path = [...steps, key];
      const message = unknownKeyText(key, knownKeys(schema, steps));
      return { path, offset: find.place(path).key, message };
    });
  }
  const place = find.place(steps);
  if (issue.code === "custom" && issue.params?.["aboutTheKey"] === true) {
    return [{ path: steps, offset: place.key, message: issue.message }];
  }
  const message = place.exists ? issueMessage(issue) : missingKeyText;
  return [{ path: steps, offset: place.value, message }];
}

function issueMessage(issue: z.core.$ZodIssue): string {
  const got = `, got ${valueText(issue.input)}`;
  switch (issue.code) {
    case "invalid_type":
      return `must be ${typeText(issue.expected)}${got}`;
    case "too_big":
      return issue.origin === "string"
        ? countText("max", Number(issue.maximum), "character", valueText(issue.input))
        : `${limitText("max", issue.inclusive !== false, issue.maximum)}${got}`;
    case "too_small":
      return issue.origin === "string"
        ? countText("min", Number(issue.minimum), "character", valueText(issue.input))
        : `${limitText("min", issue.inclusive !== false, issue.minimum)}${got}`;
    case "invalid_format":
      return `${issue.message}${got}`;
    case "invalid_value":
      return `${oneOfText(issue.values.map(String), issue.input)}${got}`;
    // Our own rules say all that there is to say.
    default:
      return issue.message;
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
