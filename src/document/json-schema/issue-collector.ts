// Listens to an evaluation by the library, and gathers what each keyword says of what it refuses: from the inside out, so that a keyword can
// say something of its own instead of what the schemas that it applied say.
import type { EvaluationPlugin, ValidationContext } from "@hyperjump/json-schema/experimental";
import * as Instance from "@hyperjump/json-schema/instance/experimental";
import type { Issue } from "../validation/issue-problems.ts";
import { keywordIssues } from "./keyword-issues.ts";
import { issueAt, keywordName, type Refusal } from "./schema-failure.ts";

/** What the library hands from a keyword to the schemas that it applies, and from a schema to its keywords, with our notes in it. */
interface Context extends ValidationContext {
  /** Of the keyword that is being applied. */
  refusals?: Refusal[];
  acceptedCount?: number;
  /** Of the schema that is being applied by it. */
  url?: string;
  issues?: Issue[];
  besideFailed?: boolean;
}

export interface IssueCollector extends EvaluationPlugin<Context> {
  /** After the evaluation: everything that was refused. */
  readonly issues: readonly Issue[];
}

/** Keywords that apply schemas to the same value. */
const beside = /^(?:allOf|anyOf|oneOf|not|then|else|ref|dynamicRef|dependentSchemas)$/;

/** For one evaluation. */
export function createIssueCollector(): IssueCollector {
  let outermost: readonly Issue[] = [];
  return {
    get issues() {
      return outermost;
    },
    beforeSchema(url, _node, context) {
      context.url = url;
      context.issues = [];
      context.besideFailed = false;
    },
    afterKeyword([id, , compiled], node, context, valid, schema) {
      if (valid) return;
      const { ast: tree, refusals = [], acceptedCount = 0 } = context;
      const { issues = [], url = "", besideFailed = false } = schema;
      const value = Instance.value<unknown>(node);
      const failure = { node, value, refusals, acceptedCount, tree, url, besideFailed };
      const name = keywordName(id);
      // One after another: there may be more than a call takes arguments.
      for (const issue of keywordIssues(name, compiled, failure)) issues.push(issue);
      if (beside.test(name)) schema.besideFailed = true;
    },
    afterSchema(url, node, context, valid) {
      const { issues = [] } = context;
      if (context.ast[url] === false) issues.push(issueAt(node, { code: "not_accepted" }));
      if (valid) context.acceptedCount = (context.acceptedCount ?? 0) + 1;
      else (context.refusals ??= []).push({ url, node, issues });
      outermost = issues;
    },
  };
}
