// Whether one value moves further than one limit lets it.
import type { Limit } from "../../model/rules.ts";
import { contentOf, type TreeNode } from "../compare/document-tree.ts";
import { isNumber } from "../compare/plain-value.ts";
import {
  compareDecimals,
  distance,
  exactDecimal,
  type ExactDecimal,
  signOf,
  timesDecimal,
  withoutSign,
} from "./exact-decimal.ts";

const hundred: ExactDecimal = { digits: 100n, power: 0 };

/** @param before - undefined where the value is not there; never both */
export function isBeyond(
  { atMost }: Limit,
  before: TreeNode | undefined,
  after: TreeNode | undefined,
): boolean {
  if (before?.id === after?.id) return false;
  if (before === undefined || after === undefined) return true;
  const [from, to] = [numberOf(before), numberOf(after)];
  // Of 0 there is no percentage, and no factor leads to it; a sign is as easily mistyped as it is dear.
  if (from === undefined || to === undefined || signOf(from) * signOf(to) !== 1) return true;
  const amount = exactDecimal(atMost.amount);
  if (amount === undefined) throw new Error(`a limit of ${atMost.amount} is no number`);
  const [old, fresh] = [withoutSign(from), withoutSign(to)];
  switch (atMost.kind) {
    case "absolute":
      return isMore(distance(from, to), amount);
    case "percent":
      return isMore(timesDecimal(distance(from, to), hundred), timesDecimal(old, amount));
    case "times":
      return isMore(fresh, timesDecimal(old, amount)) || isMore(old, timesDecimal(fresh, amount));
    default:
      return atMost.kind satisfies never;
  }
}

function isMore(one: ExactDecimal, other: ExactDecimal): boolean {
  return compareDecimals(one, other) > 0;
}

/** @returns undefined for what is no number to everybody, and for one that nobody can hold */
function numberOf(node: TreeNode): ExactDecimal | undefined {
  const content = contentOf(node);
  const isPlain =
    content.kind === "scalar" && content.style === "plain" && content.tag === undefined;
  return isPlain && isNumber(content.text) ? exactDecimal(content.text) : undefined;
}
