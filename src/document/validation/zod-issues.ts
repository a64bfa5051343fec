// What a schema of zod's refuses, as every other schema would say it.
import { z } from "zod";
import type { PathStep } from "../../model/comparison.ts";
import { gotOf } from "../../model/excerpt.ts";
import type { Fault, FaultParams } from "../../model/problem.ts";
import { RuleBroken } from "../rule-broken.ts";
import type { Issue } from "./issue-problems.ts";
import { notOneOf, unknownKey } from "./suggestions.ts";

/** @param value - of a document, which holds nothing undefined */
export function zodIssues(schema: z.ZodType, value: unknown): readonly Issue[] {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return [];
  return result.error.issues.flatMap((issue): readonly Issue[] => {
    const path = issue.path.filter((step) => typeof step !== "symbol");
    if (issue.code === "unrecognized_keys") {
      const known = knownKeys(schema, path);
      return issue.keys.map((key) => ({
        path: [...path, key],
        about: "key",
        fault: unknownKey(key, known),
      }));
    }
    if (issue.input === undefined)
      return [{ path, about: "value", fault: { code: "missing_key" } }];
    if (issue.code !== "custom") return [{ path, about: "value", fault: faultOf(issue) }];
    const broken: unknown = issue.params?.["broken"];
    if (!(broken instanceof RuleBroken)) throw new Error("a rule of a schema names no fault");
    const { about, fault } = broken;
    return [{ path, about, fault }];
  });
}

function faultOf(issue: z.core.$ZodIssue): Fault {
  const got = gotOf(issue.input);
  switch (issue.code) {
    case "invalid_type":
      return { code: "wrong_type", params: { types: [issue.expected] }, got };
    case "too_big":
      return beyond("at_most", Number(issue.maximum), issue, "less_than");
    case "too_small":
      return beyond("at_least", Number(issue.minimum), issue, "more_than");
    case "invalid_value":
      return notOneOf(issue.values.map(String), issue.input);
    default:
      throw new Error(`no schema here refuses anything by ${issue.code}`);
  }
}

function beyond(
  must: "at_least" | "at_most",
  bound: number,
  { origin, inclusive, input }: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall,
  exclusive: FaultParams["out_of_bounds"]["must"],
): Fault {
  const got = gotOf(input);
  return origin === "string"
    ? { code: "wrong_count", params: { must, bound, of: "character" }, got }
    : {
        code: "out_of_bounds",
        params: { must: inclusive === false ? exclusive : must, bound },
        got,
      };
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
