// What is kept in small pieces over restarts: questions, choices, proposals, who was given what.

/** Small values that outlive a restart, each under a key of 1 to 80 letters, digits, `-` and `_`. What the store refuses is thrown as a Refusal. */
export interface Records {
  keys(): Promise<readonly string[]>;
  /** undefined where there is none, or it cannot be read any more. */
  read(key: string): Promise<unknown>;
  /** Durable when it resolves; replaces the whole value. What was asked for last under a key is what stays. */
  write(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
}

const keyPattern = /^[-0-9A-Za-z_]{1,80}$/;

/** @throws for what is no key of {@link Records}: that is a bug */
export function refuseOddKey(key: string): void {
  if (!keyPattern.test(key)) throw new Error(`not a key of a record: ${JSON.stringify(key)}`);
}
