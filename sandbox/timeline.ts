// Who downloaded, validated, waited and held a config's lock, and when: read from the bot's own log.
import type { LogLine } from "./airlock-process.ts";

/** The page shows no more. */
const spansMax = 200;

interface Span {
  readonly uploadId: string;
  readonly config: string;
  readonly who: string;
  readonly what: "download" | "check" | "wait" | "hold";
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Timeline {
  /** @returns whether there is something new to see */
  read(line: LogLine): boolean;
  spans(): readonly Span[];
  clear(): void;
}

const stepNames: Readonly<Record<string, Span["what"]>> = {
  download: "download",
  check: "check",
  lock_wait: "wait",
};

/** @param nameOf - a person's name */
export function createTimeline(nameOf: (userId: number) => string): Timeline {
  const spans: Span[] = [];
  return {
    read(line) {
      const what =
        line.msg === "config_upload_lock_released" ? "hold" : stepNames[String(line["step"])];
      const isStep = line.msg === "upload_step" || line.msg === "config_upload_lock_released";
      if (!isStep || what === undefined) return false;
      const toMs = Date.parse(line.time);
      spans.push({
        uploadId: String(line["upload_id"]),
        config: String(line["config_type"]),
        who: nameOf(Number(line["user_id"])),
        what,
        fromMs: toMs - Number(line["duration_ms"]),
        toMs,
      });
      if (spans.length > spansMax) spans.shift();
      return true;
    },
    spans: () => spans,
    clear: () => {
      spans.length = 0;
    },
  };
}
