export type BuiltInSchemaName = "builtin:fees" | "builtin:rates";
