// JSON Schema 2020-12 for the configs of a catalog, by ajv; and what it refuses, in the same words as the built-in schemas.
import {
  Ajv2020,
  type AnySchemaObject,
  type ErrorObject,
  type ValidateFunction,
} from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { closestMatch } from "leven";
import { type DocumentPlaces, type PlaceFinder, placeFinder } from "./document-places.ts";
import type { Problem } from "./problem.ts";
import { type PathStep, pathText, quoted, valueText } from "./problem-path.ts";

/** A value that differs in more is another word, not a typo. */
const typoDistanceMax = 3;
const namesShownMax = 12;
/** Compiled schemas that are kept; there are as many as configs, and each reload may bring others. */
const compiledMax = 200;

/** A schema with every file that it refers to. Plain JSON: it goes to the worker with each task. */
export interface JsonSchema {
  /** The address of the schema itself, a key of `documents`. */
  readonly main: string;
  readonly documents: Readonly<Record<string, unknown>>;
}

const compiled = new Map<string, ValidateFunction>();

/** @throws ajv's error where the schema itself is invalid */
export function compileJsonSchema(schema: JsonSchema): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    // People's schemas must work, also with keywords that only their editors know.
    strict: false,
    // Else 0.15 is no multiple of 0.05.
    multipleOfPrecision: 6,
  });
  addFormats.default(ajv);
  for (const [address, document] of Object.entries(schema.documents)) {
    if (!isSchemaObject(document)) throw new Error("a schema must be a map of keys and values");
    ajv.addSchema({ ...document, $id: address });
  }
  const validate = ajv.getSchema(schema.main);
  if (validate === undefined) throw new Error("the schema is not there");
  if (compiled.size >= compiledMax) compiled.clear();
  compiled.set(key, validate);
  return validate;
}

function isSchemaObject(value: unknown): value is AnySchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Everything that the schema refuses, each at its place. */
export function jsonSchemaProblems(
  schema: JsonSchema,
  value: unknown,
  places: DocumentPlaces,
): readonly Problem[] {
  const validate = compileJsonSchema(schema);
  if (validate(value)) return [];
  const find = placeFinder(places);
  return relevantErrors(validate.errors ?? []).map((error) => errorProblem(error, value, find));
}

/** A choice between forms that all fail is told once, not as every form's own errors; `if` adds nothing to its branch. */
function relevantErrors(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  let kept: ErrorObject[] = [];
  for (const error of errors) {
    if (error.keyword === "anyOf" || error.keyword === "oneOf") {
      const siblings = error.schemaPath.replace(/\/[^/]*$/, "/");
      kept = kept.filter(
        ({ instancePath, schemaPath }) =>
          !isAtOrInside(instancePath, error.instancePath) || isSibling(schemaPath, siblings),
      );
    }
    if (error.keyword !== "if" && error.keyword !== "propertyNames") kept.push(error);
  }
  return kept;
}

function isAtOrInside(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`);
}

function isSibling(schemaPath: string, siblings: string): boolean {
  return schemaPath.startsWith(siblings) && !schemaPath.slice(siblings.length).includes("/");
}

function errorProblem(error: ErrorObject, value: unknown, find: PlaceFinder): Problem {
  const steps = pathSteps(error.instancePath, value);
  const extra = extraKey(error);
  if (extra !== undefined) {
    const path = [...steps, extra];
    const known = Object.keys(error.parentSchema?.["properties"] ?? {});
    const nearest = closestMatch(extra, known, { maxDistance: typoDistanceMax });
    const hint = nearest === undefined ? namesHint(known) : `: did you mean ${nearest}?`;
    return problemAt(find, find.place(path).key, path, `is not a known key${hint}`);
  }
  if (error.keyword === "required") {
    const path = [...steps, String(error.params["missingProperty"])];
    return problemAt(find, find.place(path).value, path, "is missing");
  }
  if (error.propertyName !== undefined) {
    const path = [...steps, error.propertyName];
    return problemAt(
      find,
      find.place(path).key,
      path,
      `is not an accepted key: ${errorText(error)}`,
    );
  }
  const place = find.place(steps);
  return problemAt(find, place.value, steps, `${errorText(error)}, got ${valueText(error.data)}`);
}

function extraKey({ keyword, params }: ErrorObject): string | undefined {
  if (keyword === "additionalProperties") return String(params["additionalProperty"]);
  return keyword === "unevaluatedProperties" ? String(params["unevaluatedProperty"]) : undefined;
}

function namesHint(known: readonly string[]): string {
  return known.length === 0 ? "" : ` (known are ${known.slice(0, namesShownMax).join(", ")})`;
}

function errorText(error: ErrorObject): string {
  const { keyword, params, data } = error;
  const limit = String(params["limit"]);
  switch (keyword) {
    case "type":
      return `must be ${[params["type"]].flat().map(typeText).join(" or ")}`;
    case "enum":
      return enumText(params["allowedValues"], data);
    case "const":
      return `must be ${plainValue(params["allowedValue"])}`;
    case "maximum":
      return `must be at most ${limit}`;
    case "minimum":
      return `must be at least ${limit}`;
    case "exclusiveMaximum":
      return `must be less than ${limit}`;
    case "exclusiveMinimum":
      return `must be greater than ${limit}`;
    case "multipleOf":
      return `must be a multiple of ${String(params["multipleOf"])}`;
    case "minLength":
      return `must have at least ${limit} characters`;
    case "maxLength":
      return `must have at most ${limit} characters`;
    case "minItems":
      return `must have at least ${limit} items`;
    case "maxItems":
      return `must have at most ${limit} items`;
    case "minProperties":
      return `must have at least ${limit} keys`;
    case "maxProperties":
      return `must have at most ${limit} keys`;
    case "uniqueItems":
      return `must not have the same item twice (${String(params["j"])} and ${String(params["i"])})`;
    case "pattern":
      return `must match ${quoted(String(params["pattern"]))}`;
    case "format":
      return `must be a valid ${String(params["format"])}`;
    case "anyOf":
      return "fits none of the forms that are accepted here";
    case "oneOf":
      return params["passingSchemas"] === null
        ? "fits none of the forms that are accepted here"
        : "fits more than one of the forms that are accepted here";
    case "not":
    case "false schema":
      return "is not accepted here";
    case "dependentRequired":
      return `needs ${String(params["missingProperty"])} beside it`;
    default:
      return error.message ?? "is not accepted";
  }
}

function enumText(allowed: unknown, got: unknown): string {
  const values = Array.isArray(allowed) ? allowed.map(plainValue) : [];
  const nearest =
    typeof got === "string"
      ? closestMatch(got, values, { maxDistance: typoDistanceMax })
      : undefined;
  const rest = values.length > namesShownMax ? ", …" : "";
  const list = `must be one of ${values.slice(0, namesShownMax).join(", ")}${rest}`;
  return nearest === undefined ? list : `${list} (did you mean ${nearest}?)`;
}

function plainValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function typeText(type: unknown): string {
  switch (type) {
    case "object":
      return "a map of keys and values";
    case "array":
      return "a list";
    case "string":
      return "a text";
    case "integer":
      return "a whole number";
    case "null":
      return "nothing";
    default:
      return `a ${String(type)}`;
  }
}

/** ajv tells places as JSON pointers (RFC 6901); only the value tells an index from a key of digits. */
function pathSteps(pointer: string, root: unknown): readonly PathStep[] {
  const steps: PathStep[] = [];
  let value: unknown = root;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const step = Array.isArray(value) ? Number(key) : key;
    steps.push(step);
    value = Array.isArray(value)
      ? value[Number(key)]
      : Object.getOwnPropertyDescriptor(value ?? {}, key)?.value;
  }
  return steps;
}

function problemAt(
  find: PlaceFinder,
  offset: number,
  steps: readonly PathStep[],
  message: string,
): Problem {
  return { ...find.position(offset), path: pathText(steps), message };
}
