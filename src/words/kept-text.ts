// The shapes of lines and texts that were kept, to be said again later. A file of its own: to say something, nobody needs to load zod.
import { z } from "zod";
import type { Line, Phrase } from "./line.ts";
import type { Text } from "./text.ts";

const phraseSchema: z.ZodType<Phrase> = z.lazy(() =>
  z.union([
    z.string(),
    z.object({ code: z.string() }),
    z.object({ at: z.string(), shown: z.enum(["time", "clock"]) }),
    z.object({ beginning: phraseSchema, charsMax: z.number() }),
    z.object({ en: phraseSchema, ru: phraseSchema }),
    z.array(phraseSchema),
  ]),
);

/** A line that was kept. */
export const lineSchema: z.ZodType<Line> = z.object({ en: phraseSchema, ru: phraseSchema });

/** A text that was kept. */
export const textSchema: z.ZodType<Text> = z.array(
  z.union([lineSchema, z.object({ lines: z.array(lineSchema), total: z.int() })]),
);
