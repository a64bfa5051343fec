// What is kept in small pieces over restarts: questions, choices, proposals, who was given what.

/** Small values that outlive a restart, each under a key of 1 to 80 letters, digits, `-` and `_`. What the store refuses is thrown as a Refusal. */
export interface Records {
  keys(): Promise<readonly string[]>;
  /** undefined where there is none, or it cannot be read any more. */
  read(key: string): Promise<unknown>;
  /** Durable when it resolves; replaces the whole value. */
  write(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
}
