// What the lines of the journal mean, taken together: which uploads and deliveries are open, and what is known to have ended.
import type { MessageReference } from "../model/revision.ts";
import { type Delivery, documentKey, type Place, type UnfinishedUpload } from "./journal.ts";
import type { Line, PreparedChange } from "./journal-lines.ts";

/** An upload whose last word was not told, and how far it came on this disk. */
export interface UnfinishedChange extends UnfinishedUpload {
  /** Undefined where nothing of it was on disk yet. */
  readonly prepared: PreparedChange | undefined;
}

type BeganLine = Extract<Line, { readonly type: "began" }>;

interface UploadRecord {
  readonly began: BeganLine;
  prepared: PreparedChange | undefined;
  place: Place | null;
}

export function unfinishedOf({ began, prepared, place }: UploadRecord): UnfinishedChange {
  const { type: _, at, ...upload } = began;
  return { upload, at, prepared, place };
}

export type JournalState = ReturnType<typeof createJournalState>;

/** What the lines so far mean. */
export function createJournalState() {
  const uploads = new Map<string, UploadRecord>();
  const deliveries = new Map<string, Delivery & { again: boolean; begun: boolean }>();
  /** When each ended, oldest first. */
  const ended = new Map<string, string>();

  function end(key: string, at: string): void {
    ended.delete(key);
    ended.set(key, at);
  }

  function noteBegun(message: MessageReference | null): void {
    const delivery = message === null ? undefined : deliveries.get(documentKey(message));
    if (delivery !== undefined) delivery.begun = true;
  }

  return {
    uploads,
    deliveries,
    knows: (key: string): boolean => uploads.has(key) || deliveries.has(key) || ended.has(key),
    note(line: Line): void {
      const { key } = line;
      const record = uploads.get(key);
      switch (line.type) {
        case "delivered":
          deliveries.set(key, {
            key,
            bot_id: line.bot_id,
            delivery: line.delivery,
            again: false,
            begun: false,
          });
          return;
        case "again": {
          const delivery = deliveries.get(key);
          if (delivery !== undefined) delivery.again = true;
          return;
        }
        case "handled":
          deliveries.delete(key);
          end(key, line.at);
          return;
        case "began":
          uploads.set(key, { began: line, prepared: undefined, place: line.place });
          noteBegun(line.message);
          return;
        case "shown":
          if (record !== undefined) record.place = line.place;
          return;
        case "prepared": {
          const { type: _, key: __, ...prepared } = line;
          if (record !== undefined) record.prepared = prepared;
          return;
        }
        case "ended":
          uploads.delete(key);
          end(key, line.at);
          return;
        default:
          line satisfies never;
      }
    },
    forgetBefore(timeMs: number): void {
      for (const [key, at] of ended) {
        if (Date.parse(at) >= timeMs) break;
        ended.delete(key);
      }
    },
    /** The fewest lines that mean the same. */
    lines(): readonly Line[] {
      return [
        ...[...ended].map(([key, at]): Line => ({ type: "ended", key, at })),
        ...[...deliveries.values()].flatMap(({ again, begun, ...delivery }): readonly Line[] => {
          const { key } = delivery;
          // The line by which one knows that it has begun may be among those left out.
          if (begun) return [{ type: "handled", key, at: new Date().toISOString() }];
          const delivered = { type: "delivered", ...delivery } as const;
          return again ? [delivered, { type: "again", key }] : [delivered];
        }),
        ...[...uploads.values()].flatMap(({ began, prepared, place }): readonly Line[] => [
          { ...began, place },
          ...(prepared === undefined
            ? []
            : [{ type: "prepared", key: began.key, ...prepared } as const]),
        ]),
      ];
    },
  };
}
