// What programs in use read differently, aliases and tags, in words: each says what to write instead.
import { quoted } from "../model/excerpt.ts";
import type { InsteadOfTag, PlainReaderFault, ReaderFaults } from "../model/reader-fault.ts";
import type { Sentences } from "./sentences.ts";

export const plainReaderFaults: Readonly<Record<PlainReaderFault, string>> = {
  tab: "there is a tab here, which some programs refuse: use spaces",
  end_mark_before_document: "a line ... stands before the document: remove it",
  spaces_before_document_mark:
    "there are spaces before this ---, which programs read differently: remove them",
  block_is_document:
    "some programs do not accept a block of text as the whole document: give it a key",
  block_with_spaces_on_empty_line:
    "some programs take spaces on an empty line of this text as part of it: remove them, or leave the number out",
  block_ends_open:
    "this block of text ends without a line break, which programs read differently: add one at the end of the file",
  comment_before_value:
    "a comment between a key and its value is refused by some programs: put it above the key, or after the value",
  empty_item_beside_comment:
    "an empty item is refused by some programs beside a comment: write null",
  anchor_name:
    "some programs accept only letters, digits, - and _ in the name of an anchor: choose another one",
  anchor_without_space: "a space is missing after this anchor",
  escaped_empty_line:
    "an empty line after a backslash is read differently by different programs: write \\n instead",
  key_missing: "a key is missing before this colon",
  key_without_space: "a space is missing after this key's colon",
  key_is_merge:
    "the key << is a merge to some programs and a plain key to others: write the keys out",
  quoted_key_is_merge: "the key << is a merge to some programs, also in quotes: write the keys out",
  key_not_plain: "has a key that is not plain text: write the key out",
  equals_sign: '= cannot be read by some programs: write "=" for the text',
  merge_sign: '<< is a merge to some programs: write "<<" for the text',
};

const asText = (shown: string): string => `"${shown}" for the text`;
const typeNames = { number: "a number", truth: "true or false", nothing: "nothing" } as const;

export const readerFaults: Sentences<ReaderFaults> = {
  too_many_aliases: ({ aliasesMax }) => `is one of more than ${aliasesMax} aliases`,
  aliases_unfold_too_far: ({ valuesMax }) =>
    `makes the aliases expand to more than ${valuesMax} values`,
  unknown_alias: ({ name }) => `is an alias of ${quoted(name)}, which no anchor before it names`,
  circular_alias: ({ name }) => `is an alias of ${quoted(name)}, which contains this very alias`,
  anchor_repeated: ({ name }) =>
    `the anchor ${name} appears twice, which some programs refuse: rename one of them`,
  mark_in_brackets: ({ mark, source }) =>
    `some programs accept no ${mark === "colon" ? "colon" : "question mark"} inside [ ] or { } without quotes: write ${quoted(source)}`,
  no_character: ({ escape }) =>
    `${escape} is not a character to some programs: write the character itself`,
  key_refused: ({ name }) => `the key ${name} is not accepted: choose another name`,
  key_twice: ({ firstLine, secondLine }) =>
    firstLine === secondLine
      ? `is written twice on line ${firstLine}: keep one of them`
      : `is written on line ${firstLine} and again on line ${secondLine}: keep one of them`,
  key_of_type: ({ shown, type }) =>
    `the key ${shown} is ${typeNames[type]} to some programs and text to others: write "${shown}"`,
  not_finite: ({ shown }) => `must be a finite number, got ${quoted(shown)}`,
  symbol: ({ shown }) =>
    `${shown} is a symbol to some programs and text to others: write ${asText(shown)}`,
  truth_to_some: ({ shown, meant }) =>
    `${shown} is true or false to some programs and a word to others: write ${meant}, or "${shown}" for the word`,
  nothing_to_some: ({ shown }) =>
    `${shown} is nothing to some programs and a word to others: write null, or "${shown}" for the word`,
  date_to_some: ({ shown, meant }) =>
    meant === null
      ? `${shown} is a date to some programs, but not a valid one: write ${asText(shown)}`
      : `${shown} is a date to some programs and text to others: write ${meant}, or ${asText(shown)}`,
  leading_zero: ({ shown }) =>
    `${shown} has a leading zero, which some programs read as an octal number: write it without, or ${asText(shown)}`,
  base_60: ({ shown }) =>
    `${shown} is a number in base 60 to some programs: write ${asText(shown)}`,
  number_to_some: ({ shown, meant }) => {
    const instead = [...(meant.length === 0 ? [] : [meant.join(" or ")]), asText(shown)];
    return `${shown} is a number to some programs and text to others: write ${instead.join(", or ")}`;
  },
  read_differently: ({ shown }) =>
    `${shown} is read differently by different programs: write ${asText(shown)}`,
  own_tag: ({ tag }) => `has the tag ${quoted(tag)}, and custom tags are not accepted: remove it`,
  standard_tag: ({ tag, instead }) =>
    `has the tag ${quoted(tag)}, and tags are not accepted: ${insteadText(instead)}`,
};

function insteadText(instead: InsteadOfTag): string {
  if ("write" in instead) return `write ${instead.write}`;
  switch (instead.kind) {
    case "quoted_text":
      return "write the text in quotes";
    case "number":
      return "write the number alone";
    case "truth":
      return "write true or false";
    case "date":
      return "write the date alone, or in quotes";
    case "same_collection":
      return "remove it, the value is the same without it";
    case "plain_collection":
      return "write a list or a map without it";
    default:
      return instead.kind satisfies never;
  }
}
