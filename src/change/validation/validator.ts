import type { BuiltInSchemaName } from "../schemas.ts";
import type { Validation } from "./problem.ts";
export interface Validator {
  validate(bytes: Uint8Array, schema: BuiltInSchemaName, signal: AbortSignal): Promise<Validation>;
  close(): Promise<void>;
}
export function createValidator(_: { timeoutMs: number }): Validator {
  return {
    validate: (bytes) =>
      Promise.resolve(
        Buffer.from(bytes).includes("150")
          ? {
              kind: "invalid",
              total: 1,
              problems: [
                {
                  line: 2,
                  column: 16,
                  path: "maker_percent",
                  message: "must be at most 100, got 150",
                },
              ],
            }
          : { kind: "valid" },
      ),
    close: () => Promise.resolve(),
  };
}
