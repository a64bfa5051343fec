// The formats of JSON Schema 2020-12 (validation section 7.3). A format that nobody knows refuses nothing.
import { domainToASCII } from "node:url";
import * as formats from "@hyperjump/json-schema-formats";

const checks: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ["date", formats.isDate],
  ["time", formats.isTime],
  ["date-time", formats.isDateTime],
  ["duration", formats.isDuration],
  ["email", isEmail],
  ["idn-email", isIdnEmail],
  ["hostname", formats.isHostname],
  // The library's own checks of internationalised names write to standard output, where the log is.
  ["idn-hostname", (text) => formats.isHostname(domainToASCII(text))],
  ["ipv4", formats.isIPv4],
  ["ipv6", formats.isIPv6],
  ["uri", formats.isUri],
  ["uri-reference", formats.isUriReference],
  ["iri", formats.isIri],
  ["iri-reference", formats.isIriReference],
  ["uuid", formats.isUuid],
  ["uri-template", formats.isUriTemplate],
  ["json-pointer", formats.isJsonPointer],
  ["relative-json-pointer", formats.isRelativeJsonPointer],
  ["regex", (text) => patternOf(text) !== undefined],
]);

function isEmail(text: string): boolean {
  try {
    return formats.isEmail(text);
  } catch {
    // It throws for an address in brackets of a kind that it does not know, such as a@[x:y].
    return false;
  }
}

/** As an address in ASCII, with any letter for each other character before the @. */
function isIdnEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at === -1) return false;
  const local = text.slice(0, at).replaceAll(/[^\p{ASCII}]/gu, "x");
  const domain = text.slice(at + 1);
  return isEmail(`${local}@${domain.startsWith("[") ? domain : domainToASCII(domain)}`);
}

export function formatCheck(name: string): ((text: string) => boolean) | undefined {
  return checks.get(name);
}

/**
 * With full Unicode as the standard asks; many patterns of people's are only correct without, such as `[\w-.]`.
 * @returns undefined for what is no regular expression either way
 */
export function patternOf(source: string): RegExp | undefined {
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(source, flags);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}
