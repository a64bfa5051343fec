// The rules of a config: what keeps a value that is valid and wrong from going live, or takes it back. Plain JSON: it goes to the worker, and
// is kept with what waits, which keeps the rules that it was proposed under.

/** How far one value may move. */
export interface Limit {
  /** A pattern of paths, as the catalog has it: `**.*_percent`. What is in a section that it matches is meant too. */
  readonly path: string;
  readonly atMost: {
    /** Of the old value; times the old value, either way; or by so much, up or down. */
    readonly kind: "percent" | "times" | "absolute";
    /** An exact decimal above 0, for `times` above 1, as the catalog has it: `0.05`; without % or x. */
    readonly amount: string;
  };
  /** A change beyond it is invalid, instead of one that waits. */
  readonly hard: boolean;
}

export interface Approval {
  readonly when: "always" | "over_limits";
  /** How many people other than the author must approve. */
  readonly approvals: number;
  /** Who may; null for everybody who may write the config. They may read it at least. */
  readonly by: readonly number[] | null;
  readonly expiresMs: number;
}

/** How the service takes the new file, and how it proves that it did. */
export interface Apply {
  /** Program and arguments; no shell. */
  readonly run: readonly string[];
  readonly verify:
    | { readonly kind: "url"; readonly url: string }
    | { readonly kind: "command"; readonly argv: readonly string[] }
    | null;
  /** Both together. */
  readonly withinMs: number;
}

/** Takes a change back where a query of Prometheus fails. */
export interface Guard {
  /** http or https. */
  readonly prometheus: string;
  readonly query: string;
  /** The query's value fails where this holds of it. */
  readonly fails: {
    readonly operator: (typeof comparisonOperators)[number];
    readonly bound: number;
  };
  readonly duringMs: number;
  readonly everyMs: number;
}

interface Rollout {
  /** Each of the others waits for a random time up to this. */
  readonly jitterMs: number;
}

export const comparisonOperators = [">=", "<=", "==", "!=", ">", "<"] as const;

export interface Rules {
  /** In the catalog's order. */
  readonly limits: readonly Limit[];
  readonly approval: Approval | null;
  /** A change goes back by itself after so long, unless somebody presses Keep. */
  readonly keepMs: number | null;
  readonly apply: Apply | null;
  readonly guard: Guard | null;
  /** One machine takes a change first; the others follow when it is live there. */
  readonly rollout: Rollout | null;
}

/** Of a config without any. */
export const noRules: Rules = {
  limits: [],
  approval: null,
  keepMs: null,
  apply: null,
  guard: null,
  rollout: null,
};
