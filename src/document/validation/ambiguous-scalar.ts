// Plain scalars that YAML 1.1 and YAML 1.2 readers understand differently. The service's reader may be either, so such a
// value could be another one there than here. The patterns follow the two type repositories: https://yaml.org/type/ for
// 1.1, and section 10.3 of https://yaml.org/spec/1.2.2/ for 1.2.

/** What all readers take for the same number. */
const commonNumber = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
/** What begins with a letter is at most one of the words, and those are short. */
const commonWord = /^[A-Za-z].{3}/;
const booleanWord = /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$/;
const octal = /^[-+]?0o[0-7]+$/;
const leadingZero = /^[-+]?0[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?$/;
const underscored =
  /^[-+]?(?:0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9_]+)$/;
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const dotlessExponent = /^[-+]?[0-9]+[eE][-+]?[0-9]+$/;

/**
 * @param source - a plain scalar as it is written, without a tag
 * @returns what is wrong, and how to write it; undefined for everything that all readers agree on
 */
export function ambiguityOf(source: string): string | undefined {
  // Nearly every value ends here, and a large file has many.
  if (commonNumber.test(source) || commonWord.test(source)) return undefined;
  if (booleanWord.test(source)) {
    const meant = /^(?:yes|on)$/i.test(source) ? "true" : "false";
    return `${source} is true or false to some programs and a word to others: write ${meant}, or "${source}" for the word`;
  }
  // Nothing else begins otherwise, and most values end here.
  if (!/^[-+]?[0-9.]/.test(source)) return undefined;
  if (octal.test(source) || leadingZero.test(source)) {
    return `${source} has a leading zero, which some programs read as an octal number: write it without, or "${source}" for the text`;
  }
  if (base60.test(source)) {
    return `${source} is a number in base 60 to some programs: write "${source}" for the text`;
  }
  if (source.includes("_") && underscored.test(source)) {
    const digits = source.replaceAll("_", "");
    return `${source} is a number to some programs and a text to others: write ${digits}, or "${source}" for the text`;
  }
  if (dotlessExponent.test(source)) {
    const dotted = source.replace(/[eE]/, ".0e").replace(/e(?=[0-9])/, "e+");
    return `${source} is a number to some programs and a text to others: write ${dotted}, or "${source}" for the text`;
  }
  return undefined;
}
