// What a JSON Schema refuses in a document, each at its place.
import { type JsonSchema, schemaIssues } from "../json-schema/json-schema.ts";
import type { Issue } from "../json-schema/evaluation.ts";
import { type DocumentPlaces, placeFinder } from "./document-places.ts";
import type { Problem } from "./problem.ts";
import { pathText } from "./problem-path.ts";

/** Everything that the schema refuses; nothing twice, however many branches say it. */
export function jsonSchemaProblems(
  schema: JsonSchema,
  value: unknown,
  places: DocumentPlaces,
): readonly Problem[] {
  return issueProblems(schemaIssues(schema, value), places);
}

export function issueProblems(
  issues: readonly Issue[],
  places: DocumentPlaces,
): readonly Problem[] {
  if (issues.length === 0) return [];
  const find = placeFinder(places);
  const problems = new Map<string, Problem>();
  for (const { path, about, message } of issues) {
    const place = find.place(path);
    const position = find.position(about === "key" ? place.key : place.value);
    const problem = { ...position, path: pathText(path), message };
    problems.set(JSON.stringify(problem), problem);
  }
  return [...problems.values()];
}
