// A text that must be strict JSON, such as a schema: its problems, and what was found wrong in its value, each at its place.
import type { Issue } from "../json-schema/evaluation.ts";
import { checkWith } from "./check-document.ts";
import { issueProblems } from "./json-schema-problems.ts";
import type { Problem } from "./problem.ts";

export function checkJson(text: string, issues: readonly Issue[]): readonly Problem[] {
  const checked = checkWith(Buffer.from(text), "json", (document) =>
    issueProblems(issues, document),
  );
  return checked.kind === "invalid" ? checked.problems : [];
}
