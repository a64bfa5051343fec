// What a guard's query came to, and what follows from it. Plain JSON: it is kept with what waits.
import { z } from "zod";
import { comparisonOperators } from "./rules.ts";

const answerSchema = z.object({
  /** As Prometheus writes it. */
  value: z.string(),
  /** When it was asked, ISO 8601. */
  at: z.iso.datetime(),
});
export type GuardAnswer = Readonly<z.infer<typeof answerSchema>>;

export type GuardReading =
  | (GuardAnswer & { readonly kind: "passes" | "fails" })
  | { readonly kind: "unknown"; readonly because: GuardUnknown };

export const guardUnknowns = [
  /** No answer came, or one that is none of Prometheus. */
  "no_answer",
  "too_slow",
  /** Prometheus refuses the query. */
  "refused",
  "not_a_number",
  "no_series",
  "several_series",
] as const;
export type GuardUnknown = (typeof guardUnknowns)[number];

const askedSchema = z.object({
  query: z.string(),
  /** Its value fails where this holds of it. */
  fails: z.object({ operator: z.enum(comparisonOperators), bound: z.number() }),
});

/** The query failed: once before a change, or so often that the change is taken back. */
export const guardFailureSchema = askedSchema.extend({ answers: z.array(answerSchema) });
export type GuardFailure = Readonly<z.infer<typeof guardFailureSchema>>;

/** Its time is over, and it is not known whether the change is good. */
export const guardDoubtSchema = askedSchema.extend({
  passes: z.int().nonnegative(),
  /** Every other time that it was asked. */
  others: z.int().nonnegative(),
  /** What was wrong the last time; null where it failed then. */
  because: z.enum(guardUnknowns).nullable(),
});
export type GuardDoubt = Readonly<z.infer<typeof guardDoubtSchema>>;
