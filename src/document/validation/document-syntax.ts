// How a config is written, which its file's name says.

export type DocumentSyntax = "yaml" | "json";

/** JSON is strict JSON, whatever a reader of YAML would make of it. */
export function syntaxOf(fileName: string): DocumentSyntax {
  return /\.json$/i.test(fileName) ? "json" : "yaml";
}
