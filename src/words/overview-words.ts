// Overviews: what is live, what a person may do here, who they are, and the command menu.
import type { Config } from "../model/config.ts";
import type { Revision } from "../model/revision.ts";
import { type Role, roles } from "../model/people.ts";
import type { Trouble } from "../model/trouble.ts";
import type { ServiceState } from "../model/service-proof.ts";
import type { Spread } from "../model/machine.ts";
import { spreadLines } from "./machine-words.ts";
import { serviceStatus } from "./service-words.ts";
import { frozenStatus } from "./freeze-words.ts";
import { english } from "./text.ts";
import { troubleText } from "./trouble-words.ts";
import { count, durationText, timeText } from "./numbers.ts";
import { whoText } from "./change-words.ts";

/** More names are better counted than read. */
const namesListedMax = 10;
/** Of file names, which have at most 255 characters, in one line of a message. */
const namesPerLineMax = 12;

/** `fees.yml, rates.yml and limits.yml`. */
function listOf(names: readonly string[]): string {
  if (names.length > namesListedMax) return count(names.length, "config");
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

export interface ConfigStatus {
  readonly fileName: string;
  readonly last: Revision | undefined;
  /** When it was changed on disk since, ISO 8601. */
  readonly changedOnDiskAt: string | undefined;
  readonly missing: boolean;
  /** Why it cannot be read. */
  readonly trouble: Trouble | undefined;
  /** Who is saving it now. */
  readonly savedBy: string | undefined;
  /** What is known of its service; undefined where it has none, or was not asked yet. */
  readonly service: ServiceState | undefined;
  /** How far the newest revision has come; undefined where no machines follow. */
  readonly spread: Spread | undefined;
  /** In force now. */
  readonly freeze: Parameters<typeof frozenStatus>[0] | undefined;
}

function configStatus(status: ConfigStatus): string {
  const { last } = status;
  const service = status.service && serviceStatus(status.service, last);
  const revision =
    last === undefined
      ? "no revision yet"
      : `revision ${last.revision}, ${timeText(last.at)}, ${whoText(last)}`;
  return [
    `${status.fileName}: ${revision}`,
    ...(status.missing ? ["  the file is missing"] : []),
    ...(status.changedOnDiskAt === undefined
      ? []
      : [`  changed on disk since: ${timeText(status.changedOnDiskAt)}`]),
    ...(status.trouble === undefined ? [] : [`  cannot be read: ${troubleText(status.trouble)}`]),
    ...(service === undefined ? [] : [`  ${english(service)}`]),
    ...(status.spread === undefined
      ? []
      : spreadLines(status.spread, false).map((line) => `  ${english(line)}`)),
    ...(status.freeze === undefined ? [] : [`  ${english(frozenStatus(status.freeze))}`]),
    ...(status.savedBy === undefined ? [] : [`  ${status.savedBy} is saving it now`]),
  ].join("\n");
}

export function statusLines(
  configs: readonly ConfigStatus[],
  version: string,
  uptimeMs: number,
): readonly string[] {
  return [...configs.map(configStatus), "", `Airlock ${version}, up for ${durationText(uptimeMs)}`];
}

/** A config that a person may do something with. */
export interface AllowedConfig {
  readonly config: Config;
  readonly role: Role;
}

/** Of the commands that begin with this, so many are named. */
const commandsNamedMax = 3;

function settable(allowed: readonly AllowedConfig[]): readonly Config[] {
  return allowed.filter(({ role }) => role === "write").map(({ config }) => config);
}

function greeting(allowed: readonly AllowedConfig[]): string {
  const set = settable(allowed).map(({ fileName }) => fileName);
  return set.length > 0
    ? `You can change ${listOf(set)} of the live service here. Every file is checked first, and the previous version is backed up.`
    : `You can look at ${listOf(allowed.map(({ config }) => config.fileName))} of the live service here.`;
}

function commandsOf(verb: string, configs: readonly Config[]): string {
  const named = configs.slice(0, commandsNamedMax).map(({ id }) => `/${verb}_${id}`);
  return [...named, ...(configs.length > commandsNamedMax ? ["…"] : [])].join(", ");
}

/** What somebody needs to begin: six lines at the most. */
export function startLines(allowed: readonly AllowedConfig[]): readonly string[] {
  const set = settable(allowed);
  const read = allowed.map(({ config }) => config);
  return [
    greeting(allowed),
    "",
    ...(set.length === 0
      ? []
      : [`${commandsOf("set", set)} – replace a file; or just send the file, and choose`]),
    `${commandsOf("get", read)} – download what is live`,
    "/status – what is live, since when, and who is saving",
    "/help – everything that you can do here",
  ];
}

export function helpLines(allowed: readonly AllowedConfig[]): readonly string[] {
  const maySet = settable(allowed).length > 0;
  return [
    greeting(allowed),
    "",
    ...allowed.flatMap(({ config, role }) => configHelp(config, role)),
    "/status – what is live, since when, and who is saving",
    "/pending – what waits for somebody, or for its time",
    ...(maySet ? ["/cancel – stop what is going on"] : []),
    "/mute and /unmute – notices of other admins' changes, off and on",
    "/whoami – your id and what you may do",
    ...(maySet
      ? [
          "",
          "You can also send a file with /set_… as its caption; what you write after the command is kept as the reason. Or just send the file, and choose.",
        ]
      : []),
  ];
}

function configHelp({ id, fileName }: Config, role: Role): readonly string[] {
  const writing = role === "write";
  return [
    ...(writing ? [`/set_${id} – replace ${fileName} with a file that you send`] : []),
    `/get_${id} – download ${fileName} as it is now, or an older revision by its number`,
    ...(writing
      ? [`/check_${id} – check a file and see what it would change; nothing is saved`]
      : []),
    `/diff_${id} – what changed since the previous revision, or an older one`,
    `/history_${id} – who changed what, and when`,
    `/chart_${id} – a number over time, such as /chart_${id} path`,
    ...(writing
      ? [
          `/rollback_${id} – go back to the previous revision, or an older one`,
          `/schedule_${id} – replace it later, such as at 2026-12-01T00:00`,
          `/freeze_${id} – refuse every change for a while, such as 2h; /unfreeze_${id} ends that`,
        ]
      : []),
    `/schema_${id} – what ${fileName} may hold: a schema for your editor`,
  ];
}

export function whoAmILines(id: number, allowed: readonly AllowedConfig[]): readonly string[] {
  const roleLines = roles.toReversed().flatMap((role) => {
    const names = allowed.filter((each) => each.role === role).map(({ config }) => config.fileName);
    return wrapped(`Your role: ${role} (`, names, ").");
  });
  return [`Your id is ${id}.`, ...roleLines];
}

/** As one line, or where it would be too long for a message as several that are not. */
function wrapped(start: string, names: readonly string[], end: string): readonly string[] {
  const lines: string[] = [];
  for (let from = 0; from < names.length; from += namesPerLineMax) {
    lines.push(`${start}${names.slice(from, from + namesPerLineMax).join(", ")}${end}`);
  }
  return lines;
}

export function whoAmIStranger(id: number): string {
  return `Your id is ${id}.\nYou have no role here. To get one, send this number to an operator of this bot.`;
}

export const menuTexts = {
  set: (fileName: string): string => `Replace ${fileName}`,
  get: (fileName: string): string => `Download ${fileName}`,
  check: (fileName: string): string => `Check a ${fileName} without saving it`,
  diff: (fileName: string): string => `What changed in ${fileName}`,
  history: (fileName: string): string => `Who changed ${fileName}, and when`,
  chart: (fileName: string): string => `A number in ${fileName} over time`,
  rollback: (fileName: string): string => `Go back to an older ${fileName}`,
  schedule: (fileName: string): string => `Replace ${fileName} at a later time`,
  freeze: (fileName: string): string => `Refuse changes of ${fileName} for a while`,
  unfreeze: (fileName: string): string => `Let ${fileName} be changed again`,
  schema: (fileName: string): string => `The schema of ${fileName}, for your editor`,
  mute: "No notices of others' changes",
  unmute: "Notices of others' changes again",
  pending: "What waits for somebody, or for its time",
  status: "What is live, and who is saving",
  cancel: "Stop what is going on",
  help: "What you can do here",
  whoami: "Your id and what you may do",
  start: "Begin",
} as const;
