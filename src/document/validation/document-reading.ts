// What is known of a document once it has been read, before any schema is asked.
import type { DocumentPlaces } from "./document-places.ts";
import type { Problem } from "../../model/problem.ts";

/** A document and its value. */
export interface ReadDocument extends DocumentPlaces {
  /** The byte order mark before the text, or nothing. */
  readonly mark: string;
  readonly value: unknown;
}

export interface DocumentReading {
  /** The first ones, in no order; `total` counts all. Where there are none, all readers read `document` alike. */
  readonly problems: readonly Problem[];
  readonly total: number;
  /** Undefined where nothing can be known of its value. */
  readonly document: ReadDocument | undefined;
  /** Those of `problems` where the syntax is wrong: what `document` holds around them is a guess. */
  readonly misread: readonly Problem[];
}
