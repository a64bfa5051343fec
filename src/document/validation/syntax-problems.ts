// What keeps a text from being parsed, in plain words: what is missing, where, and the line itself.
import { isCollection, isScalar, type ParsedNode, visit, type YAMLError } from "yaml";
import type { LinePositions } from "./line-positions.ts";
import { problemsListedMax } from "./problem.ts";
import { shortened } from "../../model/excerpt.ts";
import type { Problem } from "../../model/problem.ts";
import type { FaultAt } from "./fault-at.ts";
import { likelyMistake } from "./likely-mistakes.ts";
import { jsYamlFault, yamlFault } from "./parser-faults.ts";

/**
 * What `yaml` found; one problem per line and place, since what it says of the rest of a line follows from its first mistake. So does everything
 * else where a merge left its marks.
 */
export function syntaxProblems(
  text: string,
  errors: readonly YAMLError[],
  root: ParsedNode | null,
  lines: LinePositions,
): readonly Problem[] {
  const problems = new Map<number | null, Problem>();
  const places = new Set<number>();
  for (const error of errors) {
    if (places.has(error.pos[0])) continue;
    places.add(error.pos[0]);
    // Looking for what is not closed takes a look at everything: not for more than are listed.
    const around = problems.size < problemsListedMax ? root : null;
    const problem = problemAt(text, lines, faultAt(text, error, around));
    if (!problems.has(problem.place.line)) problems.set(problem.place.line, problem);
  }
  const found = [...problems.values()];
  const marks = found.filter(({ code }) => code === "merge_conflict");
  return marks.length > 0 ? marks : found;
}

/** The one thing that js-yaml found, where `yaml` found nothing. */
export function reasonProblem(
  text: string,
  lines: LinePositions,
  { offset, reason }: { readonly offset: number; readonly reason: string },
): Problem {
  return problemAt(text, lines, { offset, fault: jsYamlFault(reason) });
}

function problemAt(text: string, lines: LinePositions, { offset, fault }: FaultAt): Problem {
  const position = lines.position(offset);
  const start = offset - position.column + 1;
  const lineEnd = text.indexOf("\n", start);
  const line = text.slice(start, lineEnd === -1 ? undefined : lineEnd).trim();
  return { ...fault, place: { ...position, path: [], written: shortened(line) } };
}

function faultAt(text: string, error: YAMLError, root: ParsedNode | null): FaultAt {
  const [offset] = error.pos;
  return (
    unclosed(text, error, root) ?? likelyMistake(text, error) ?? { offset, fault: yamlFault(error) }
  );
}

/** A quote or bracket without its other half is told where it opens: where the text ends nobody looks for it. */
function unclosed(
  text: string,
  { code, message, pos }: YAMLError,
  root: ParsedNode | null,
): FaultAt | undefined {
  const quote = /^Missing closing (["'])/.exec(message)?.[1];
  if (quote !== undefined) {
    const opening = lastNode(root, (node) => isScalar(node) && text[node.range[0]] === quote);
    const params = { quote: quote === '"' ? "double" : "single" } as const;
    return opening === undefined
      ? undefined
      : { offset: opening, fault: { code: "quote_open", params } };
  }
  const bracket = /end with a ([\]}])$/.exec(message)?.[1];
  if (bracket !== undefined) {
    const [open, close] = bracket === "]" ? (["[", "]"] as const) : (["{", "}"] as const);
    const opening = lastNode(
      root,
      (node) =>
        isCollection(node) &&
        text[node.range[0]] === open &&
        node.range[0] <= pos[0] &&
        text[node.range[1] - 1] !== close,
    );
    return opening === undefined
      ? undefined
      : { offset: opening, fault: { code: "bracket_open", params: { open, close } } };
  }
  return code === "UNEXPECTED_TOKEN" ? longQuote(text, pos[0], root) : undefined;
}

/** Something follows a quoted text that goes over several lines: its quote is more likely missing than what follows is wrong. */
function longQuote(text: string, offset: number, root: ParsedNode | null): FaultAt | undefined {
  const before = text.slice(0, offset).trimEnd().length;
  const opening = lastNode(
    root,
    (node) =>
      isScalar(node) &&
      (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE") &&
      node.range[1] === before &&
      text.slice(node.range[0], before).includes("\n"),
  );
  if (opening === undefined) return undefined;
  const params = { quote: text[opening] === '"' ? "double" : "single" } as const;
  return { offset: opening, fault: { code: "quote_over_lines", params } };
}

function lastNode(
  root: ParsedNode | null,
  isMeant: (node: ParsedNode) => boolean,
): number | undefined {
  let found: number | undefined;
  if (root === null) return undefined;
  visit(root, {
    Node(_key, node) {
      // The nodes of a parsed document all have a range.
      if (isMeant(node as ParsedNode)) found = node.range?.[0] ?? found;
    },
  });
  return found;
}
