// One value of a config: what it is, what it would become, and why it cannot.
import type { Config } from "../model/config.ts";
import { pathText, quoted } from "../model/excerpt.ts";
import type { PathStep } from "../model/comparison.ts";
import type {
  FoundValue,
  NoSuchPath,
  ScalarType,
  ValueEdit,
  ValueFault,
  ValueSetBy,
} from "../model/one-value.ts";
import { whoText } from "./change-words.ts";
import { keyChangeText } from "./key-change-words.ts";
import { timeText } from "./numbers.ts";
import type { Text } from "./text.ts";

/** `edit` waits for whoever asked for it. */
export function valueOffer(
  { fileName }: Config,
  { path, before, after, line }: Extract<ValueEdit, { readonly kind: "edited" }>,
  reason: string | null,
): Text {
  return [
    `Change this value in ${fileName}? Nothing was changed yet.`,
    keyChangeText({ path, what: { kind: "changed", before, after }, line }),
    ...(reason === null ? [] : [`Reason: ${reason}`]),
  ];
}

export function valueShown(
  { id }: Config,
  { path, shown, line }: FoundValue,
  setBy: ValueSetBy,
): Text {
  return [
    valueLine(path, shown, line),
    ...setByLines(setBy),
    `To change it: /set_${id} ${pathText(path)} and the new value.`,
  ];
}

function valueLine(path: readonly PathStep[], shown: string, line: number): string {
  return `${pathText(path)}: ${shown} (line ${line})`;
}

function setByLines(setBy: ValueSetBy): readonly string[] {
  switch (setBy.kind) {
    case "unknown":
      return [];
    case "on_disk":
      return ["Changed on disk after the newest revision."];
    case "revision": {
      const { entry, isExact } = setBy;
      const who = `${whoText(entry)}, ${timeText(entry.at)}`;
      return isExact
        ? [`Set in revision ${entry.revision}, ${who}.`]
        : [`Not changed since revision ${entry.revision} (${who}).`];
    }
    default:
      return setBy satisfies never;
  }
}

export function valueAlready(
  { fileName }: Config,
  { path, shown, line }: Extract<ValueEdit, { readonly kind: "same" }>,
): Text {
  return [`${fileName} has that value already. Nothing changed.`, valueLine(path, shown, line)];
}

/** @param asked - as it was typed */
export function noSuchPath({ fileName }: Config, asked: string, { nearest }: NoSuchPath): Text {
  return [
    `${fileName} has no ${quoted(asked)}. Nothing was changed.`,
    ...(nearest.length === 0 ? [] : [`Nearest: ${nearest.join(", ")}`]),
  ];
}

export function valueRefused(
  { id, fileName }: Config,
  path: readonly PathStep[],
  fault: ValueFault,
): Text {
  const name = pathText(path);
  return [
    `${fileName} was not changed: ${faultText(name, fault)}.`,
    ...(fault.code === "not_offered" || fault.code === "aliased"
      ? [`Send the whole file with /set_${id} instead.`]
      : []),
  ];
}

const typeTexts: Readonly<Record<ScalarType, string>> = {
  number: "a number",
  truth: "true or false",
  text: "text",
  nothing: "null",
  date: "a date",
};

function faultText(name: string, fault: ValueFault): string {
  switch (fault.code) {
    case "not_single":
      return fault.inside === null
        ? `${name} is not a single value`
        : `${name} is not a single value; name one inside it, such as ${fault.inside}`;
    case "aliased":
      return `${name} is an alias: its value is written in another place, and is used there too`;
    case "wrong_type": {
      const must = `${name} must stay ${typeTexts[fault.type]}, got ${quoted(fault.got)}`;
      return fault.meant.length === 0 ? must : `${must}: write ${fault.meant.join(" or ")}`;
    }
    case "not_offered":
      return `${name} cannot be changed by itself without touching the rest of the file`;
    default:
      return fault satisfies never;
  }
}

export function valueUnreadable({ id, fileName }: Config): string {
  return `${fileName} was not changed: the live file cannot be read by key. Send the whole file with /set_${id}.`;
}

export function openQuote({ fileName }: Config, path: string): string {
  return `${fileName} was not changed: the quote before the new value of ${path} is not closed.`;
}
