// Which revision set a value as it is: back through history, as far as that is kept and takes no long time.
import type { Inspector } from "../model/inspector.ts";
import type { FoundValue, ValueSetBy } from "../model/one-value.ts";
import type { ConfigReader, LiveVersion } from "../store/port.ts";

const revisionsMax = 100;
const lookBackMsMax = 2000;

/** @param asked - the path, as it leads to `value` in the live version */
export async function valueSetBy(
  config: ConfigReader,
  live: LiveVersion,
  asked: string,
  { digest }: FoundValue,
  inspector: Pick<Inspector, "findValue">,
): Promise<ValueSetBy> {
  const sinceMs = performance.now();
  const isSame = async (bytes: Uint8Array): Promise<boolean> => {
    const found = await inspector.findValue(bytes, asked);
    return found.kind === "found" && found.digest === digest;
  };
  const newest = config.newest?.revision ?? 0;
  if (live.revision === undefined) {
    const found = await config.find(newest);
    if (found.kind !== "found") return { kind: "unknown" };
    if (!(await isSame(found.version.bytes))) return { kind: "on_disk" };
  }
  const entries = await config.page(live.revision ?? newest, revisionsMax);
  for (const entry of entries) {
    const set = (isExact: boolean): ValueSetBy => ({ kind: "revision", entry, isExact });
    if (entry.previous_sha256 === null) return set(true);
    if (entry.previous_sha256 === entry.sha256) continue;
    const before =
      performance.now() - sinceMs > lookBackMsMax ? undefined : await config.replacedBy(entry);
    if (before === undefined) return set(false);
    if (!(await isSame(before.bytes))) return set(true);
  }
  const oldest = entries.at(-1);
  return oldest === undefined
    ? { kind: "unknown" }
    : { kind: "revision", entry: oldest, isExact: false };
}
