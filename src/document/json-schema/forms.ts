// One fault for a choice of forms that all fail: what they ask, where that is short to say, or what the nearest one does.
import { gotOf } from "../../model/excerpt.ts";
import type { Fault } from "../../model/problem.ts";
import { firstOf } from "../validation/suggestions.ts";
import { type CompiledKeywords, type Failure, keywordsAt, pathOf } from "./schema-failure.ts";

/** @param forms - their addresses */
export function noneFits(
  forms: readonly string[],
  { node, value, refusals, tree }: Failure,
): Fault {
  const got = gotOf(value);
  const schemas = forms.map((url) => keywordsAt(tree, url));
  const types = onlyKeyword("type", schemas);
  if (types !== undefined) return { code: "wrong_type", params: { types: types.flat() }, got };
  const values = onlyKeyword("const", schemas);
  if (values !== undefined) {
    const names = firstOf(values.flatMap(({ shown }) => shown));
    return { code: "not_one_of", params: { ...names, meant: null }, got };
  }
  const sets = onlyKeyword("required", schemas);
  if (sets !== undefined) return { code: "keys_missing", params: { sets } };
  // The nearest is the only one for values of this type.
  const near = refusals.filter(({ url }) => {
    const { type } = keywordsAt(tree, url);
    return (
      tree[url] !== false &&
      (type === undefined || [type].flat().some((each) => isOfType(value, each)))
    );
  });
  const issue = near.length === 1 ? near[0]?.issues[0] : undefined;
  if (issue === undefined) return { code: "fits_no_form", params: { nearest: null }, got };
  const nearest = { path: issue.path.slice(pathOf(node).length), fault: issue.fault };
  return { code: "fits_no_form", params: { nearest } };
}

/** What each of the schemas asks by this keyword; undefined unless it is all that each asks. */
function onlyKeyword<Name extends keyof CompiledKeywords>(
  name: Name,
  schemas: readonly Partial<CompiledKeywords>[],
): readonly CompiledKeywords[Name][] | undefined {
  const found = schemas.flatMap((schema) => {
    const compiled = schema[name];
    return compiled === undefined || Object.keys(schema).length > 1 ? [] : [compiled];
  });
  return found.length > 0 && found.length === schemas.length ? found : undefined;
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
