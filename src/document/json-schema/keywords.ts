// The library's keywords, where it falls short: what each costs with many keys or values, patterns that are only correct without full
// Unicode, exact multiples, and formats that throw or print. Importing this file also keeps the library from ever fetching anything.
import { entries as entriesOf, removeUriSchemePlugin, value as jsonOf } from "@hyperjump/browser";
import { setShouldValidateSchema } from "@hyperjump/json-schema/draft-2020-12";
import {
  addKeyword,
  Validation,
  type ValidationContext,
} from "@hyperjump/json-schema/experimental";
import * as Instance from "@hyperjump/json-schema/instance/experimental";
import { canonicalText, isMultipleOf } from "./canonical-value.ts";
import { formatCheck, patternOf } from "./formats.ts";
import { isSchemaObject } from "./schema-registry.ts";

// Every reference is resolved before, so nothing is asked for: this is for whoever breaks that.
for (const scheme of ["http", "https", "file"]) removeUriSchemePlugin(scheme);
// It is validated when it is read, in words and with places.
setShouldValidateSchema(false);

const keyword = "https://json-schema.org/keyword";

/** Of `enum` and `const`. */
export interface AcceptedValues {
  /** Canonical texts. */
  readonly texts: ReadonlySet<string>;
  /** As one would write them. */
  readonly shown: readonly string[];
}

export interface Pattern {
  readonly source: string;
  readonly regExp: RegExp;
}

/** Which keys `additionalProperties` is not about, and the schema of all others. */
export interface AdditionalProperties {
  readonly names: ReadonlySet<string>;
  readonly patterns: readonly RegExp[];
  readonly rest: string;
}

addKeyword<AcceptedValues>({
  id: `${keyword}/enum`,
  compile: async (schema) => acceptedValues(jsonOf<readonly string[]>(schema)),
  interpret: ({ texts }, node) => texts.has(canonicalText(Instance.value(node))),
});

addKeyword<AcceptedValues>({
  id: `${keyword}/const`,
  compile: async (schema) => acceptedValues([jsonOf<string>(schema)]),
  interpret: ({ texts }, node) => texts.has(canonicalText(Instance.value(node))),
});

/** @param written - each value as JSON */
function acceptedValues(written: readonly string[]): AcceptedValues {
  const values = written.map((text): unknown => JSON.parse(text));
  return {
    texts: new Set(values.map(canonicalText)),
    shown: values.map((value, index) =>
      typeof value === "string" ? value : (written[index] ?? ""),
    ),
  };
}

addKeyword<number>({
  id: `${keyword}/multipleOf`,
  compile: async (schema) => jsonOf<number>(schema),
  interpret: (divisor, node) =>
    Instance.typeOf(node) !== "number" || isMultipleOf(Instance.value<number>(node), divisor),
});

addKeyword<Pattern | undefined>({
  id: `${keyword}/pattern`,
  async compile(schema) {
    const source = jsonOf<string>(schema);
    const regExp = patternOf(source);
    return regExp && { source, regExp };
  },
  interpret: (pattern, node) =>
    pattern === undefined ||
    Instance.typeOf(node) !== "string" ||
    pattern.regExp.test(Instance.value<string>(node)),
});

/** `format` is asserted, which the standard leaves to a setting. */
addKeyword<string>({
  id: `${keyword}/draft-2020-12/format`,
  compile: async (schema) => jsonOf<string>(schema),
  interpret: (format, node) =>
    Instance.typeOf(node) !== "string" ||
    (formatCheck(format)?.(Instance.value<string>(node)) ?? true),
});

addKeyword<readonly (readonly [RegExp, string])[]>({
  id: `${keyword}/patternProperties`,
  async compile(schema, ast) {
    const compiled: [RegExp, string][] = [];
    for await (const [source, inner] of entriesOf(schema)) {
      const pattern = patternOf(source);
      // What is inside a schema is in the same document.
      if (pattern !== undefined)
        compiled.push([pattern, await Validation.compile(inner as typeof schema, ast, schema)]);
    }
    return compiled;
  },
  interpret(patterns, node, context) {
    let valid = true;
    for (const [keyNode, inner] of Instance.entries(node)) {
      const key = Instance.value<string>(keyNode);
      for (const [pattern, schema] of patterns) {
        if (!pattern.test(key)) continue;
        if (!Validation.interpret(schema, inner, context)) valid = false;
        noteEvaluated(context, key);
      }
    }
    return valid;
  },
  simpleApplicator: true,
});

addKeyword<AdditionalProperties>({
  id: `${keyword}/additionalProperties`,
  async compile(schema, ast, parent) {
    const { properties, patternProperties } = jsonOf<Record<string, unknown>>(parent);
    return {
      names: new Set(keysOf(properties)),
      patterns: keysOf(patternProperties).flatMap((source) => patternOf(source) ?? []),
      rest: await Validation.compile(schema, ast, parent),
    };
  },
  interpret({ names, patterns, rest }, node, context) {
    let valid = true;
    for (const [keyNode, inner] of Instance.entries(node)) {
      const key = Instance.value<string>(keyNode);
      if (names.has(key) || patterns.some((pattern) => pattern.test(key))) continue;
      if (!Validation.interpret(rest, inner, context)) valid = false;
      noteEvaluated(context, key);
    }
    return valid;
  },
  simpleApplicator: true,
});

function keysOf(value: unknown): readonly string[] {
  return isSchemaObject(value) ? Object.keys(value) : [];
}

/** For `unevaluatedProperties`, where the schema has one. */
function noteEvaluated(context: ValidationContext, key: string): void {
  if ("evaluatedProperties" in context && context.evaluatedProperties instanceof Set) {
    context.evaluatedProperties.add(key);
  }
}
