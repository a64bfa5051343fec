// A JSON Schema of one file or more, compiled for a test.
import { compileSchema, type SchemaCheck } from "../../src/document/json-schema/compile-schema.ts";

export const mainAddress = "airlock:///main.json";

/** @param others - the other files, by their addresses */
export async function compiledSchema(
  schema: unknown,
  others: Readonly<Record<string, unknown>> = {},
): Promise<SchemaCheck> {
  return compileSchema({ main: mainAddress, documents: { [mainAddress]: schema, ...others } });
}
