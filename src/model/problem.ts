// What is wrong with a document, as values. Plain JSON: it crosses from the worker; src/words/ says it.
import type { PathStep } from "./comparison.ts";
import type { CatalogFaults, PlainCatalogFault } from "./catalog-fault.ts";
import type { LimitFaults } from "./limit-fault.ts";
import type { PlainRuleFault, RuleFaults } from "./rule-fault.ts";
import type { PlainReaderFault, ReaderFaults } from "./reader-fault.ts";
import type { PlainSchemaFault, SchemaFaults } from "./schema-fault.ts";
import type { PlainSyntaxFault, SyntaxFaults } from "./syntax-fault.ts";

/** Codes that say everything by themselves. */
export type PlainFault =
  PlainSyntaxFault | PlainReaderFault | PlainSchemaFault | PlainCatalogFault | PlainRuleFault;

/** By code, what belongs to it. */
export interface FaultParams
  extends
    SyntaxFaults,
    ReaderFaults,
    SchemaFaults,
    LimitFaults,
    CatalogFaults,
    RuleFaults,
    FaultsOfFaults {}

/** Those that another one is the reason of. */
interface FaultsOfFaults {
  readonly key_not_accepted: { readonly because: Fault | null };
  /** `nearest` is what the only form for values of this type says. */
  readonly fits_no_form: {
    readonly nearest: { readonly path: readonly PathStep[]; readonly fault: Fault } | null;
  };
  readonly not_a_schema: { readonly reference: string; readonly problem: Problem };
  /** `problem` is of that file, which has the name by which one would look for it from the catalog. */
  readonly in_schema_file: { readonly file: string; readonly problem: Problem };
}

/** One thing that can be wrong, wherever it is. */
export type Fault = (
  | { readonly code: PlainFault }
  | {
      readonly [Code in keyof FaultParams]: {
        readonly code: Code;
        readonly params: FaultParams[Code];
      };
    }[keyof FaultParams]
) & {
  /** What stands there instead; left out where the fault says it itself. */
  readonly got?: Got;
};

/** A value, cut to what is shown of it: a long text is shortened, a list is `[]` and a map `{}` whatever is in them. */
export type Got =
  string | number | boolean | null | readonly never[] | Readonly<Record<string, never>>;

/** Where it is. */
export interface ProblemPlace {
  /** 1-based; null where the problem is with the document as a whole, such as its size. */
  readonly line: number | null;
  /** 1-based, counted in characters; null exactly when `line` is. */
  readonly column: number | null;
  /** Empty for the document itself. */
  readonly path: readonly PathStep[];
  /** What is written on that line, shortened, where only seeing it helps. */
  readonly written?: string;
}

export type Problem = Fault & { readonly place: ProblemPlace };

/** @returns the problem of a document that as a whole has this fault */
export function wholeDocument(fault: Fault): Problem {
  return { ...fault, place: { line: null, column: null, path: [] } };
}

export type Validation =
  | { readonly kind: "valid" }
  /** `problems` are the first ones, by line and column; `total` counts all of them. */
  | { readonly kind: "invalid"; readonly problems: readonly Problem[]; readonly total: number }
  /** The caller's signal ended it; nothing is known about the document. */
  | { readonly kind: "aborted" };
