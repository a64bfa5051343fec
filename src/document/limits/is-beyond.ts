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

/** A value as limits look at it; undefined where it is not there. */
export interface MovedValue {
  /** The same for equal values, and for no others. */
  readonly id: number;
  /** undefined for what is no number to everybody, and for one that nobody can hold. */
  readonly number: ExactDecimal | undefined;
}

/** How far a value may move. */
export interface Amount {
  readonly kind: Limit["atMost"]["kind"];
  readonly number: ExactDecimal;
}

const hundred: ExactDecimal = { digits: 100n, power: 0 };

export function readAmount({ kind, amount }: Limit["atMost"]): Amount {
  const number = exactDecimal(amount);
  if (number === undefined) throw new Error(`a limit of ${amount} is no number`);
  return { kind, number };
}

export function movedValue(node: TreeNode | undefined): MovedValue | undefined {
  if (node === undefined) return undefined;
  const content = contentOf(node);
  const isPlain =
    content.kind === "scalar" && content.style === "plain" && content.tag === undefined;
  const number = isPlain && isNumber(content.text) ? exactDecimal(content.text) : undefined;
  return { id: node.id, number };
}

export function isBeyond(
  { kind, number: amount }: Amount,
  before: MovedValue | undefined,
  after: MovedValue | undefined,
): boolean {
  if (before?.id === after?.id) return false;
  const [from, to] = [before?.number, after?.number];
  // Of 0 there is no percentage, and no factor leads to it; a sign is as easily mistyped as it is dear.
  if (from === undefined || to === undefined || signOf(from) * signOf(to) !== 1) return true;
  const [old, fresh] = [withoutSign(from), withoutSign(to)];
  switch (kind) {
    case "absolute":
      return isMore(distance(from, to), amount);
    case "percent":
      return isMore(timesDecimal(distance(from, to), hundred), timesDecimal(old, amount));
    case "times":
      return isMore(fresh, timesDecimal(old, amount)) || isMore(old, timesDecimal(fresh, amount));
    default:
      return kind satisfies never;
  }
}

function isMore(one: ExactDecimal, other: ExactDecimal): boolean {
  return compareDecimals(one, other) > 0;
}
