// Tags are refused, the standard ones too: !!int "012" is 10 to some readers and 12 to others. What to write instead depends on the tag.
import { readPlainScalar } from "./plain-scalar.ts";
import { quoted } from "./problem-path.ts";

const standardTag = /^(?:!!|!<tag:yaml\.org,2002:)([a-z]+)>?$/;

/**
 * @param tag - as it is written
 * @param content - of a scalar; undefined for a map or a list
 */
export function tagText(tag: string, content: string | undefined): string {
  const instead = insteadOf(standardTag.exec(tag)?.[1], content);
  return instead === undefined
    ? `has the tag ${quoted(tag)}, and tags of one's own are not accepted: remove it`
    : `has the tag ${quoted(tag)}, and tags are not accepted: ${instead}`;
}

function insteadOf(name: string | undefined, content: string | undefined): string | undefined {
  switch (name) {
    case "str":
      return content === undefined ? "write the text in quotes" : `write ${quoted(content)}`;
    case "int":
    case "float":
      return `write ${plainOf("number", content) ?? "the number alone"}`;
    case "bool":
      return `write ${plainOf("boolean", content) ?? "true or false"}`;
    case "null":
      return "write null";
    case "timestamp":
      return "write the date alone, or in quotes";
    case "map":
    case "seq":
      return "remove it, the value is the same without it";
    case "set":
    case "omap":
    case "pairs":
      return "write a list or a map without it";
    case "binary":
      return "write the text in quotes";
    default:
      return undefined;
  }
}

function plainOf(type: "number" | "boolean", content: string | undefined): string | undefined {
  if (content === undefined) return undefined;
  const read = readPlainScalar(content);
  return read.kind === "value" && typeof read.value === type ? content : undefined;
}
