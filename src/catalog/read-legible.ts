// Reads the text of a catalog as far as it can be read: what would keep a document from being read at all (characters that nobody sees,
// a second document) is a problem here like others, and does not hide what else is wrong.
import type { DocumentReading } from "../document/validation/document-reading.ts";
import { hiddenCharacters } from "../document/validation/document-text.ts";
import { readDocument } from "../document/validation/read-document.ts";

interface LegibleReading extends DocumentReading {
  /** False where `document` is only the beginning of the text. */
  readonly isWhole: boolean;
}

/** As readDocument; what was left out of the text for it is among the problems. Every line stays where it is. */
export async function readLegible(text: string): Promise<LegibleReading> {
  const reading = await readDocument(Buffer.from(text), "yaml", { readers: "own" });
  if (reading.document !== undefined) return { ...reading, isWhole: true };
  // The byte order mark before it is accepted.
  const body = text.replace(/^\uFEFF/, "");
  const seen = body.replaceAll(hiddenCharacters, " ");
  if (seen !== body) {
    const rest = await readLegible(seen);
    return { ...joined(reading, rest), misread: [...reading.problems, ...rest.misread] };
  }
  const first = firstDocument(text, reading);
  if (first === undefined) return { ...reading, isWhole: false };
  return { ...joined(reading, await readLegible(first)), isWhole: false };
}

function joined(one: DocumentReading, other: LegibleReading): LegibleReading {
  const problems = [...one.problems, ...other.problems];
  return { ...other, problems, total: one.total + other.total };
}

/** @returns what is before the document that one of the problems is about; undefined where none is */
function firstDocument(text: string, { problems }: DocumentReading): string | undefined {
  const lines = text.split("\n");
  const begins = problems.find(
    ({ place: { line } }) =>
      line !== null && line > 1 && /^(?:---|\.\.\.)/.test(lines[line - 1] ?? ""),
  );
  return begins === undefined ? undefined : lines.slice(0, (begins.place.line ?? 1) - 1).join("\n");
}
