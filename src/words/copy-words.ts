// What `airlock store copy` says.
import type { Trouble } from "../model/trouble.ts";
import { count } from "./numbers.ts";
import { troubleText } from "./trouble-words.ts";

type StoreName = "local" | "etcd";

const storeTexts: Readonly<Record<StoreName, string>> = { local: "this disk", etcd: "etcd" };

export const copyNeedsTwoStores = "--from and --to must be different stores";
export const copyNeedsEtcd = "ETCD_ENDPOINTS must be set: it says which etcd";

export function stopTheBot(pid: number): string {
  return `stop the bot first (process ${pid}): changes made in the meantime would be missing from the copy`;
}

export function nothingCopied(trouble: Trouble): string {
  return `the copy was not completed: ${troubleText(trouble)}. What was copied so far does no harm; run this again`;
}

/** @param isWhole - all was read again from both and compared */
export function copyEndLine(
  fileName: string,
  to: StoreName,
  end:
    | { readonly kind: "copied"; readonly revisions: number; readonly versions: number }
    | { readonly kind: "same" }
    | { readonly kind: "different"; readonly newestHere: number; readonly newestThere: number }
    | { readonly kind: "not_live"; readonly newest: number },
  isWhole: boolean,
): string {
  switch (end.kind) {
    case "copied": {
      const what = `${count(end.revisions, "revision")} and ${count(end.versions, "version")}`;
      return `${fileName}: ${what} copied to ${storeTexts[to]}, ${checked(isWhole)}`;
    }
    case "same":
      return `${fileName}: nothing to copy, ${checked(isWhole)}`;
    case "different":
      return `${fileName}: not copied, since ${storeTexts[to]} has a different history (newest revision here: ${end.newestHere}, there: ${end.newestThere})`;
    case "not_live":
      return `${fileName}: not copied, since the file on this disk is not revision ${end.newest}, the newest: write that first (airlock get)`;
    default:
      return end satisfies never;
  }
}

function checked(isWhole: boolean): string {
  return isWhole ? "compared and the same" : "BUT THE TWO DIFFER: do not use the copy";
}
