// How the readers that count read a plain scalar, side by side: YAML 1.1 as PyYAML, ruamel.yaml and Ruby's Psych do it, and the core schema of
// YAML 1.2 as `yaml` and js-yaml do. Each follows the reader's own source, odd corners included, since a service has that reader and not the
// standard: resolver.py and constructor.py of PyYAML 6.0 and ruamel.yaml 0.17, scalar_scanner.rb of Psych 4, schema/core of yaml 2.
// What is no number, truth, nothing or date is a text.

/** What a reader makes of a plain scalar. */
export type Reading =
  | { readonly kind: "text" }
  | { readonly kind: "nothing" }
  | { readonly kind: "truth"; readonly value: boolean }
  /** NaN where the reader raises an error on what it takes for a number. */
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "date" }
  /** Something that only this reader knows, such as a symbol of Ruby. */
  | { readonly kind: "other"; readonly name: "symbol" | "merge" | "default value" };

const text: Reading = { kind: "text" };
const nothing: Reading = { kind: "nothing" };
const date: Reading = { kind: "date" };
const truth = (value: boolean): Reading => ({ kind: "truth", value });
const number = (value: number): Reading => ({ kind: "number", value });

/** The first pattern that fits decides. */
interface Resolver {
  readonly pattern: RegExp;
  read(source: string): Reading;
}

function resolved(resolvers: readonly Resolver[], source: string): Reading {
  return resolvers.find(({ pattern }) => pattern.test(source))?.read(source) ?? text;
}

/** @param octal - whether a leading zero means base 8 */
function numberOf(source: string, octal: boolean): Reading {
  const negative = source.startsWith("-");
  const digits = source.replace(/^[-+]/, "").replaceAll(/[_,]/g, "").toLowerCase();
  const size = octal && /^0[0-7]+$/.test(digits) ? Number(`0o${digits}`) : sizeOf(digits);
  return number(negative ? -size : size);
}

function sizeOf(digits: string): number {
  if (digits.endsWith(".inf")) return Infinity;
  // JavaScript reads an empty text as 0.
  return digits === "" || digits.endsWith(".nan") ? NaN : Number(digits);
}

const octalNumber = (source: string): Reading => numberOf(source, true);
const decimalNumber = (source: string): Reading => numberOf(source, false);
/** Its value does not matter: 1.2 knows no base 60. */
const base60Number = (): Reading => number(NaN);

const nullOfPython: Resolver = { pattern: /^(?:~|null|Null|NULL|)$/, read: () => nothing };
const othersOfPython: readonly Resolver[] = [
  { pattern: /^<<$/, read: () => ({ kind: "other", name: "merge" }) },
  nullOfPython,
  {
    pattern:
      /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/,
    read: () => date,
  },
  { pattern: /^=$/, read: () => ({ kind: "other", name: "default value" }) },
];

const pyYaml: readonly Resolver[] = [
  { pattern: /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/, read: () => truth(true) },
  { pattern: /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/, read: () => truth(false) },
  { pattern: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/, read: base60Number },
  {
    pattern:
      /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
    read: decimalNumber,
  },
  {
    pattern: /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+)$/,
    read: octalNumber,
  },
  { pattern: /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/, read: base60Number },
  ...othersOfPython,
];

const ruamel: readonly Resolver[] = [
  { pattern: /^(?:true|True|TRUE)$/, read: () => truth(true) },
  { pattern: /^(?:false|False|FALSE)$/, read: () => truth(false) },
  {
    pattern:
      /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
    read: decimalNumber,
  },
  {
    // It looks at these only where the first character is a sign or a digit.
    pattern: /^(?!_)(?:[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+)$/,
    read: decimalNumber,
  },
  ...othersOfPython,
];

const psychTime =
  /^-?\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|[ \t\r\n\f\v]+)\d{1,2}:\d\d:\d\d(?:\.\d*)?(?:[ \t\r\n\f\v]*(?:Z|[-+]\d{1,2}:?(?:\d\d)?))?$/m;
const psychWordLike = /^[^\d.:-]?[\p{Alphabetic}_ \t\r\n\f\v!@#$%^&*(){}<>|/\\~;=]+/mu;
const psychWordCharsMax = 5;

/** What is longer than a word, or does not begin like one, is a text before any of its lines is looked at. */
const psychWords: readonly Resolver[] = [
  { pattern: /^[^ytonf~]/im, read: () => text },
  { pattern: /^~$|^null$/im, read: () => nothing },
  { pattern: /^(?:yes|true|on)$/im, read: () => truth(true) },
  { pattern: /^(?:no|false|off)$/im, read: () => truth(false) },
];

const psychRest: readonly Resolver[] = [
  { pattern: psychTime, read: () => date },
  { pattern: /^\d{4}-(?:1[012]|0\d|\d)-(?:[12]\d|3[01]|0\d|\d)$/, read: () => date },
  { pattern: /^[-+]?\.inf$|^\.nan$/i, read: decimalNumber },
  { pattern: /^:./, read: () => ({ kind: "other", name: "symbol" }) },
  { pattern: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}(?:\.[0-9_]*)?$/, read: base60Number },
  { pattern: /^[-+]?\.$/, read: () => text },
  { pattern: /^[-+]?(?:[0-9][0-9_,]*)?\.[0-9]*(?:[eE][-+][0-9]+)?$/, read: decimalNumber },
  {
    pattern:
      /^(?:[-+]?0b[01_,]+|[-+]?0[0-7_,]+|[-+]?(?:0|[1-9](?:[0-9]|,[0-9]|_[0-9])*)|[-+]?0x[0-9a-fA-F_,]+)$/,
    read: octalNumber,
  },
];

function psych(source: string): Reading {
  if (source === "") return nothing;
  if (!psychWordLike.test(source) && !source.includes("\n")) return resolved(psychRest, source);
  return Array.from(source).length > psychWordCharsMax ? text : resolved(psychWords, source);
}

/** The core schema: https://yaml.org/spec/1.2.2/#103-core-schema. */
const core: readonly Resolver[] = [
  { pattern: /^(?:~|[Nn]ull|NULL|)$/, read: () => nothing },
  { pattern: /^(?:[Tt]rue|TRUE)$/, read: () => truth(true) },
  { pattern: /^(?:[Ff]alse|FALSE)$/, read: () => truth(false) },
  {
    pattern:
      /^(?:0o[0-7]+|[-+]?[0-9]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$/,
    read: decimalNumber,
  },
];

/** As readers of YAML 1.2 read it. */
export function coreReading(source: string): Reading {
  return resolved(core, source);
}

/** As the readers of YAML 1.1 do, each for itself. */
export function olderReadings(source: string): readonly Reading[] {
  return [resolved(pyYaml, source), resolved(ruamel, source), psych(source)];
}
