// Tags are refused, the standard ones too: !!int "012" is 10 to some readers and 12 to others. What to write instead depends on the tag.
import { quoted, shorten } from "../../model/excerpt.ts";
import type { Fault } from "../../model/problem.ts";
import type { InsteadOfTag } from "../../model/reader-fault.ts";
import { readPlainScalar } from "./plain-scalar.ts";

const standardTag = /^(?:!!|!<tag:yaml\.org,2002:)([a-z]+)>?$/;

/**
 * @param written - the tag
 * @param content - of a scalar; undefined for a map or a list
 */
export function tagFault(written: string, content: string | undefined): Fault {
  const instead = insteadOf(standardTag.exec(written)?.[1], content);
  const tag = shorten(written);
  return instead === undefined
    ? { code: "own_tag", params: { tag } }
    : { code: "standard_tag", params: { tag, instead } };
}

function insteadOf(
  name: string | undefined,
  content: string | undefined,
): InsteadOfTag | undefined {
  switch (name) {
    case "str":
      return content === undefined ? { kind: "quoted_text" } : { write: quoted(content) };
    case "int":
    case "float":
      return plainOf("number", content) ?? { kind: "number" };
    case "bool":
      return plainOf("boolean", content) ?? { kind: "truth" };
    case "null":
      return { write: "null" };
    case "timestamp":
      return { kind: "date" };
    case "map":
    case "seq":
      return { kind: "same_collection" };
    case "set":
    case "omap":
    case "pairs":
      return { kind: "plain_collection" };
    case "binary":
      return { kind: "quoted_text" };
    default:
      return undefined;
  }
}

function plainOf(
  type: "number" | "boolean",
  content: string | undefined,
): InsteadOfTag | undefined {
  if (content === undefined) return undefined;
  const read = readPlainScalar(content);
  return read.kind === "value" && typeof read.value === type ? { write: content } : undefined;
}
