// Why something could not be done, as a value: a code of a closed set, and what belongs to it. Plain JSON; src/words/ says it.
import type { Stays } from "./service-proof.ts";

/** Codes that say everything by themselves. */
const plainTroubles = [
  "disk_full",
  "disk_quota_used_up",
  "disk_read_only",
  "writing_not_allowed",
  "disk_error",
  /** The operating system's EBUSY, met while it is replaced. */
  "busy_mount",
  /** A folder on the way to it, or a file in that. */
  "something_gone",
  "folder_gone",
  "name_taken",
  "folder_in_place",
  "link_circle",
  "too_many_files_of_bot",
  "too_many_files_of_server",
  "network_disk_lost_file",
  "disk_timed_out",
  "not_a_file",
  "too_large_for_config",
  "written_all_the_time",
  "owner_not_given",
  "access_list_not_given",
  "attributes_not_given",
  "attributes_not_readable",
  "created_meanwhile",
  "no_backup_name",
  /** The bytes to go back to. */
  "version_not_kept",
  "folder_shared",
  "no_such_file",
  "not_regular",
  "not_text",
  "is_folder",
  "something_else",
  "telegram_lost_document",
  "telegram_unreachable",
  /** A Bot API server in local mode names a file on its disk, and no setting says where that is. */
  "local_files_unnamed",
  "local_file_outside",
  "local_file_irregular",
  "local_file_gone",
  "local_file_not_allowed",
  "store_no_majority",
  /** Another bot took over, and this one may not write any more. */
  "store_other_leads",
  /** While it was copied to. */
  "store_changed_meanwhile",
  "store_full",
  /** Nor its password: which of them is wrong, no store tells. */
  "store_account_unknown",
  /** It asks for an account, and none is set. */
  "store_account_missing",
  "store_not_permitted",
  /** It holds something that Airlock did not write, or not all of what it did. */
  "store_unreadable",
  /** A bug; the log has it. */
  "unexpected",
] as const;
export type PlainTrouble = (typeof plainTroubles)[number];

/** Codes that say what was tried; why it failed is their cause. */
const triedTroubles = [
  "history_cannot_be_written",
  "making_durable_failed",
  "keeping_last_edit_failed",
  "writing_history_failed",
  "finishing_failed",
  "local_file_not_read",
] as const;
export type TriedTrouble = (typeof triedTroubles)[number];

export type Trouble =
  | { readonly code: PlainTrouble }
  | { readonly code: TriedTrouble; readonly cause: Trouble }
  /** The operating system's code has no words of its own. */
  | { readonly code: "disk_refused"; readonly params: { readonly errno: string } }
  /** The config's file has this name. */
  | {
      readonly code: "link_moved" | "mounted_alone";
      readonly params: { readonly fileName: string };
    }
  | {
      readonly code: "too_many_bytes";
      readonly params: { readonly bytes: number; readonly bytesMax: number };
    }
  /** A bot on the machine of this name answers for all; empty where that is not known. */
  | { readonly code: "store_led_elsewhere"; readonly params: { readonly name: string } }
  /** In etcd's own words. */
  | { readonly code: "store_refused"; readonly params: { readonly text: string } }
  | { readonly code: "store_not_trusted"; readonly params: { readonly why: Distrust } }
  /** In the operating system's own words, which hold no path. */
  | { readonly code: "system_refused"; readonly params: { readonly text: string } }
  | {
      readonly code: "download_cut_short";
      readonly params: { readonly arrivedBytes: number; readonly sizeBytes: number };
    }
  | { readonly code: "download_too_slow"; readonly params: { readonly limitMs: number } }
  /** Longer than a download waits; null where it was not said how long. */
  | { readonly code: "telegram_asks_to_wait"; readonly params: { readonly waitMs: number | null } }
  | { readonly code: "service_refused"; readonly params: Omit<Stays, "kind"> }
  /** Of one person, waiting for others. */
  | { readonly code: "too_many_proposals"; readonly params: { readonly max: number } };

/** What is wrong with a store's certificate, or with the way that it is spoken to. */
export type Distrust =
  | "authority"
  | "name"
  | "time"
  /** By an endpoint that begins with https. */
  | "speaks_no_tls";

/** The store lets nobody in with these settings: somebody has to change them, here or there. */
export function keepsOut({ code }: Trouble): boolean {
  return (
    code === "store_account_unknown" ||
    code === "store_account_missing" ||
    code === "store_not_permitted" ||
    code === "store_not_trusted"
  );
}

/** The store does not say what it has, be it for now or until somebody changes the settings. */
export function isStoreAway(trouble: Trouble): boolean {
  return trouble.code === "store_no_majority" || keepsOut(trouble);
}

/**
 * What a store throws where it cannot do what it was asked, and what a file's room throws for what the operating system would allow.
 * Its message is the trouble's code: it is for the log, not for people.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly trouble: Trouble;

  constructor(trouble: Trouble, options?: ErrorOptions) {
    super(
      "params" in trouble ? `${trouble.code} ${JSON.stringify(trouble.params)}` : trouble.code,
      options,
    );
    this.trouble = trouble;
  }
}

/** @returns undefined for any other error, which is a bug and belongs rethrown */
export function refusedBecause(error: unknown): Trouble | undefined {
  return error instanceof Refusal ? error.trouble : undefined;
}

/** @throws the error itself where it is a bug */
export function refusalOrThrow(error: unknown): Trouble {
  const trouble = refusedBecause(error);
  if (trouble === undefined) throw error;
  return trouble;
}
