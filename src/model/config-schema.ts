// What the contents of a config are checked against.

/** The schemas of the two configs that come with Airlock. */
export type BuiltInSchemaName = "builtin:fees" | "builtin:rates";

/** A JSON Schema with every file that it refers to. Plain JSON: it goes to the worker with each task. */
export interface JsonSchema {
  /** The address of the schema itself, a key of `documents`. */
  readonly main: string;
  readonly documents: Readonly<Record<string, unknown>>;
}

/** A built-in schema, or the catalog's own. */
export type ConfigSchema = BuiltInSchemaName | JsonSchema;
