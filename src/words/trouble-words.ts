// Why something could not be done, in words that fit after "was not changed: ".
import type { PlainTrouble, TriedTrouble, Trouble } from "../model/trouble.ts";

const plainTexts: Readonly<Record<PlainTrouble, string>> = {
  disk_full: "the disk is full",
  disk_quota_used_up: "the disk quota is used up",
  disk_read_only: "the disk is read-only",
  writing_not_allowed: "the bot is not allowed to write there",
  disk_error: "the disk reported an error",
  busy_mount: "the file is mounted by itself, so it cannot be replaced (mount its folder instead)",
  something_gone: "its folder or a file in it is gone",
  folder_gone: "its folder is gone",
  name_taken: "something else is in its place",
  folder_in_place: "a folder is in its place",
  link_circle: "its links form a circle",
  too_many_files_of_bot: "the bot has too many files open",
  too_many_files_of_server: "the server has too many files open",
  network_disk_lost_file: "the network disk lost the file",
  disk_timed_out: "the disk did not answer in time",
  not_a_file: "something that is not a file is in its place",
  too_large_for_config: "the file is too large to be a config",
  written_all_the_time: "another program keeps writing to the file",
  owner_not_given:
    "the bot may not give the new file the old one's owner, and its readers could not open it",
  access_list_not_given: "the bot may not give the new file the access control list of the old one",
  attributes_not_given: "the bot may not give the new file the extended attributes of the old one",
  attributes_not_readable:
    "access control lists and extended attributes cannot be read on this machine, so they could be lost",
  created_meanwhile: "another program created it at the same moment (send the file again)",
  version_not_kept: "the version before it is no longer kept",
  no_backup_name: "no free name for the backup was found",
  folder_shared: "others need the folder too (choose one for Airlock alone)",
  no_such_file: "no such file",
  not_regular: "it is not a regular file",
  not_text: "it cannot be read as text",
  is_folder: "it is a folder",
  something_else: "it is something else",
  telegram_lost_document: "Telegram did not hand out the document",
  telegram_unreachable: "Telegram could not be reached",
  local_files_unnamed:
    "the Bot API server keeps it on its own disk, and TELEGRAM_FILES_DIR does not say where that may be read (please tell the operator)",
  local_file_outside:
    "the Bot API server keeps it outside TELEGRAM_FILES_DIR (please tell the operator)",
  local_file_irregular: "the Bot API server's copy of it is not a regular file",
  local_file_gone: "the Bot API server's copy of it is gone (send the file again)",
  local_file_not_allowed:
    "the bot is not allowed to read the Bot API server's copy of it (please tell the operator)",
  store_no_majority: "the store has no majority",
  store_other_leads: "another bot has taken over",
  store_changed_meanwhile: "the store was changed at the same time (try again)",
  store_full: "the store is full (please tell the operator)",
  store_unreadable: "what the store holds of it cannot be read (please tell the operator)",
  unexpected: "an unexpected error (the log has the details)",
};

const triedTexts: Readonly<Record<TriedTrouble, string>> = {
  history_cannot_be_written: "its history cannot be written",
  making_durable_failed: "making it durable failed",
  keeping_last_edit_failed: "keeping an edit made by hand at the last moment failed",
  writing_history_failed: "writing its history failed",
  finishing_failed: "finishing failed",
  local_file_not_read: "the Bot API server's copy of it cannot be read",
};

/** @param name - of the machine where that bot runs */
export function otherBotLeads(name: string): string {
  return `the bot on ${name === "" ? "another machine" : name} answers at the moment: run the command there`;
}

/** Without a full stop, a path or a capital at its start. */
export function troubleText(trouble: Trouble): string {
  switch (trouble.code) {
    case "disk_refused":
      return `the disk refused (${trouble.params.errno})`;
    case "link_moved":
      return `a link on the way to ${trouble.params.fileName} leads elsewhere than when the bot started (turn it back, or restart the bot to follow it)`;
    case "mounted_alone":
      return `${trouble.params.fileName} is mounted by itself, so it cannot be replaced in one step: mount its folder instead`;
    case "too_many_bytes":
      return `it has ${trouble.params.bytes} bytes, at most ${trouble.params.bytesMax} may be`;
    case "store_led_elsewhere":
      return otherBotLeads(trouble.params.name);
    case "store_refused":
      return `the store refused it (${trouble.params.text})`;
    case "system_refused":
      return trouble.params.text;
    case "download_cut_short":
      return `the download was cut short, ${trouble.params.arrivedBytes} of ${trouble.params.sizeBytes} bytes arrived`;
    case "download_too_slow":
      return `downloading it took longer than ${trouble.params.limitMs / 1000} seconds`;
    case "service_refused":
      return "the service did not take it";
    case "too_many_proposals":
      return `${trouble.params.max} of your changes wait already, which is as many as are kept; withdraw one first`;
    case "history_cannot_be_written":
    case "making_durable_failed":
    case "keeping_last_edit_failed":
    case "writing_history_failed":
    case "finishing_failed":
    case "local_file_not_read":
      return `${triedTexts[trouble.code]}: ${troubleText(trouble.cause)}`;
    default:
      return plainTexts[trouble.code];
  }
}
