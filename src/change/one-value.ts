// One value of a config, by its path: what it is and who set it, or another one in its place, which waits for a word.
import type { Inspector } from "../model/inspector.ts";
import type { FoundValue, NoSuchPath, ValueEdit, ValueSetBy } from "../model/one-value.ts";
import type { Outcome } from "../model/outcome.ts";
import { refusalOrThrow, type Trouble } from "../model/trouble.ts";
import type { ConfigReader, LiveVersion } from "../store/port.ts";
import type { ParkedChanges } from "./parked-changes.ts";
import { valueSetBy } from "./value-history.ts";
import { never } from "../model/never.ts";

/** What has one of these in it was meant as a path. */
const pathMark = /[._[]/;

/** What somebody asks of one value. */
export interface AskedValue {
  /** As it was typed. */
  readonly path: string;
  /** As it was typed; null to see the one that is there. */
  readonly value: string | null;
  readonly reason: string | null;
}

export type ValueAnswer =
  /** No path was meant: it is the first word of a reason. */
  | { readonly kind: "no_path" }
  | NoSuchPath
  | { readonly kind: "shown"; readonly value: FoundValue; readonly setBy: ValueSetBy }
  | Extract<ValueEdit, { readonly kind: "same" | "refused" | "unreadable" }>
  /** The live file cannot be read. */
  | { readonly kind: "trouble"; readonly trouble: Trouble }
  | Extract<Outcome, { readonly kind: "invalid" }>
  /** It waits for whoever asked. */
  | {
      readonly kind: "offer";
      readonly edit: Extract<ValueEdit, { readonly kind: "edited" }>;
      readonly parkedId: string;
    };

interface ValueContext {
  readonly inspector: Inspector;
  readonly parked: Pick<ParkedChanges, "park">;
}

export async function askForValue(
  config: ConfigReader,
  asked: AskedValue,
  userId: number,
  context: ValueContext,
): Promise<ValueAnswer> {
  const isMeant = pathMark.test(asked.path);
  const live = await readLive(config);
  if (live === undefined || "trouble" in live) {
    return isMeant && live !== undefined ? { kind: "trouble", ...live } : { kind: "no_path" };
  }
  const answer = await answerFor(config, live, asked, userId, context);
  const isNoPath = answer.kind === "unreadable" || (answer.kind === "missing" && !answer.isNear);
  return isNoPath && !isMeant ? { kind: "no_path" } : answer;
}

async function readLive(
  config: ConfigReader,
): Promise<LiveVersion | { readonly trouble: Trouble } | undefined> {
  try {
    return await config.readLive();
  } catch (error) {
    return { trouble: refusalOrThrow(error) };
  }
}

async function answerFor(
  config: ConfigReader,
  live: LiveVersion,
  { path, value, reason }: AskedValue,
  userId: number,
  { inspector, parked }: ValueContext,
): Promise<ValueAnswer> {
  const { id, fileName } = config.config;
  if (value === null) {
    const found = await inspector.findValue(live.bytes, path);
    if (found.kind !== "found") return found;
    const setBy = await valueSetBy(config, live, path, found, inspector);
    return { kind: "shown", value: found, setBy };
  }
  const edit = await inspector.setValue(live.bytes, fileName, path, value);
  if (edit.kind !== "edited") return edit;
  const bytes = Buffer.from(edit.text);
  const validation = await inspector.check(bytes, config.config, never);
  if (validation.kind === "invalid") return validation;
  const parkedId = await parked.park({
    configId: id,
    how: "value",
    userId,
    reason,
    message: null,
    shownSha256: live.sha256,
    baseSha256: null,
    unchecked: false,
    bytes,
  });
  return { kind: "offer", edit, parkedId };
}
