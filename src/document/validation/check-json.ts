// A text that must be strict JSON, such as a schema: its problems, and what was found wrong in its value, each at its place.
import { checkWith } from "./check-document.ts";
import { type Issue, issueProblems } from "./issue-problems.ts";
import type { Problem } from "./problem.ts";

export function checkJson(text: string, issues: readonly Issue[]): readonly Problem[] {
  const checked = checkWith(Buffer.from(text), "json", (document) =>
    issueProblems(issues, document),
  );
  return checked.kind === "invalid" ? checked.problems : [];
}
