// One sentence for a choice of forms that all fail: what they ask, where that is short to say, or what the nearest one does.
import { pathText } from "../validation/problem-path.ts";
import { namesText, typeText } from "../validation/problem-words.ts";
import { type CompiledKeywords, type Failure, keywordsAt, pathOf } from "./schema-failure.ts";

/** @param forms - their addresses */
export function noneFitsText(
  forms: readonly string[],
  { node, value, got, refusals, tree }: Failure,
): string {
  const schemas = forms.map((url) => keywordsAt(tree, url));
  const types = onlyKeyword("type", schemas);
  if (types !== undefined) return `must be ${types.flat().map(typeText).join(" or ")}${got}`;
  const values = onlyKeyword("const", schemas);
  if (values !== undefined) {
    return `must be one of ${namesText(values.flatMap(({ shown }) => shown))}${got}`;
  }
  const keys = onlyKeyword("required", schemas);
  if (keys !== undefined)
    return `must have ${keys.map((each) => each.join(" and ")).join(", or ")}`;
  const message = "fits none of the forms that are accepted here";
  // The nearest is the only one for values of this type.
  const near = refusals.filter(({ url }) => {
    const { type } = keywordsAt(tree, url);
    return (
      tree[url] !== false &&
      (type === undefined || [type].flat().some((each) => isOfType(value, each)))
    );
  });
  const issue = near.length === 1 ? near[0]?.issues[0] : undefined;
  if (issue === undefined) return message + got;
  const path = pathText(issue.path.slice(pathOf(node).length));
  return `${message}: by the nearest one ${path === "" ? "it" : path} ${issue.message}`;
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
