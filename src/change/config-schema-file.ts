// The JSON Schema of a config as a file: for an editor, which then completes and checks while one types.
import type { Config } from "../model/config.ts";
import { bundleSchema } from "../document/json-schema/bundle-schema.ts";
import { builtInJsonSchema } from "../document/schemas.ts";

export interface SchemaFile {
  readonly name: string;
  readonly text: string;
}

/** One document, whatever the schema is made of. */
export function configSchemaFile({ id, title, fileName, schema }: Config): SchemaFile {
  const document =
    typeof schema === "string"
      ? { title: title ?? fileName, ...builtInJsonSchema(schema) }
      : bundleSchema(schema);
  return { name: `${id}.schema.json`, text: `${JSON.stringify(document, null, 2)}\n` };
}
