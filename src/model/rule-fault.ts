// What is wrong with the rules of a config in the catalog.

export type PlainRuleFault =
  | "not_time"
  | "no_time"
  | "not_amount"
  | "no_amount"
  | "no_factor"
  | "argument_no_text"
  | "argument_with_nul"
  | "no_program"
  | "not_argv"
  | "not_address"
  | "address_with_user"
  | "not_comparison"
  | "never_asked";

export interface RuleFaults {
  readonly time_too_long: { readonly daysMax: number };
  /** `at` counts characters from 1. */
  readonly not_path: {
    readonly why: "no_path" | "shortened" | "no_name" | "in_brackets" | "asterisks" | "bare_key";
    readonly at: number;
  };
  readonly person_named_twice: { readonly person: number };
  readonly unknown_person: { readonly person: number };
  readonly may_not_read: { readonly name: string; readonly config: string };
  /** Of those who could approve a change by this author, `others` are somebody else. */
  readonly too_few_approvers: {
    readonly asked: number;
    readonly author: string;
    readonly others: number;
  };
}
