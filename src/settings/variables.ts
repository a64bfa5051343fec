// The variables that Airlock reads: what each may hold, and what it is without one. What they name on the disk is looked at elsewhere.
import { z } from "zod";
import { machineNamePattern } from "../model/machine.ts";
import { isTimeZone } from "../model/moment.ts";
import { languageChoices } from "../words/line.ts";
import { settingRules } from "../words/setting-words.ts";
import {
  isHost,
  isWholeNumber,
  portMax,
  standardMetricsHost,
  standardMetricsPort,
} from "./metrics-address-rules.ts";
import { likeTokenPattern, type SettingProblem, tokenPattern } from "./setting-problem.ts";

/** Pino's, the most talkative first; `silent` writes nothing. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

/** Of a check whose input may hold a secret that {@link likeTokenPattern} does not know. */
const secretInput = { params: { isSecret: true } };

const path = z.string();

const adminId = z
  .string()
  .refine(
    (text) => /^[1-9]\d*$/.test(text) && Number.isSafeInteger(Number(text)),
    settingRules.adminIds,
  )
  .transform(Number);

const adminIds = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((item) => item !== ""))
  .pipe(z.array(adminId))
  .transform((ids) => [...new Set(ids)]);

const apiRoot = z
  .string()
  .refine((text) => !/[@?#]/.test(text), {
    error: settingRules.apiRootWithParts,
    abort: true,
    ...secretInput,
  })
  .refine((text) => !URL.canParse(text) || !likeTokenPattern.test(new URL(text).pathname), {
    error: settingRules.apiRootWithToken,
    abort: true,
    ...secretInput,
  })
  .refine((text) => /^https?:/i.test(text) && URL.canParse(text), {
    error: settingRules.apiRoot,
    abort: true,
  })
  .transform((text) => new URL(text).href.replace(/\/+$/, ""));

const etcdEndpoint = z
  .string()
  .refine((text) => !text.includes("@"), {
    error: settingRules.etcdEndpoints,
    abort: true,
    ...secretInput,
  })
  .refine(
    (text) =>
      /^https?:\/\//i.test(text) &&
      URL.canParse(text) &&
      new URL(text).href === `${new URL(text).origin}/`,
    { error: settingRules.etcdEndpoints, abort: true },
  )
  .transform((text) => new URL(text));

const etcdEndpoints = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((item) => item !== ""))
  .pipe(
    z.array(etcdEndpoint).min(1, settingRules.etcdEndpoints).max(16, settingRules.etcdEndpoints),
  );

const etcdPrefix = z
  .string()
  .refine((text) => /^[\w./-]{1,200}$/.test(text), settingRules.etcdPrefix)
  .transform((text) => (text.endsWith("/") ? text : `${text}/`));

const host = z.string().refine(isHost, settingRules.host);

function wholeNumber(min: number, max: number) {
  return z
    .string()
    .refine((text) => isWholeNumber(text, min, max), settingRules.wholeNumber(min, max))
    .transform(Number);
}

const secondsMax = 3600;

const secondsAsMs = z
  .string()
  .refine(
    (text) => /^\d*\.?\d+$/.test(text) && Number(text) > 0 && Number(text) <= secondsMax,
    settingRules.seconds(secondsMax),
  )
  // A timer of 0 ms would be no limit in some places and no time at all in others.
  .transform((text) => Math.max(1, Math.round(Number(text) * 1000)));

/** In the order in which their problems are listed. */
export const variablesSchema = z.object({
  BOT_TOKEN: z
    .string()
    .refine((text) => tokenPattern.test(text), { error: settingRules.token, ...secretInput })
    .optional(),
  BOT_TOKEN_FILE: path.optional(),
  ADMIN_IDS: adminIds.prefault(""),
  CONFIG_DIR: path.default("config"),
  BACKUP_DIR: path.default("backups"),
  STATE_DIR: path.default("state"),
  AIRLOCK_FILE: path.optional(),
  TELEGRAM_API_ROOT: apiRoot.optional(),
  TELEGRAM_FILES_DIR: path.optional(),
  METRICS_HOST: host.default(standardMetricsHost),
  METRICS_PORT: wholeNumber(0, portMax).prefault(standardMetricsPort),
  LOG_LEVEL: z.enum(logLevels, settingRules.oneOf(logLevels)).default("info"),
  MAX_UPLOAD_BYTES: wholeNumber(1, 104_857_600).prefault("1048576"),
  BACKUP_KEEP: wholeNumber(0, 1_000_000).prefault("100"),
  DOWNLOAD_SECONDS: secondsAsMs.prefault("60"),
  VALIDATION_SECONDS: secondsAsMs.prefault("10"),
  SHUTDOWN_SECONDS: secondsAsMs.prefault("10"),
  ETCD_ENDPOINTS: etcdEndpoints.optional(),
  ETCD_PREFIX: etcdPrefix.prefault("/airlock/"),
  ETCD_USERNAME: z.string().optional(),
  ETCD_PASSWORD_FILE: path.optional(),
  ETCD_CA_FILE: path.optional(),
  LANGUAGE: z.enum(languageChoices, settingRules.oneOf(languageChoices)).default("en"),
  MACHINE_NAME: z
    .string()
    .refine((text) => machineNamePattern.test(text), settingRules.machineName)
    .optional(),
  TIMEZONE: z.string().refine(isTimeZone, settingRules.timeZone).default("UTC"),
});

/** What they hold, each in the form that the bot wants. */
export type Variables = z.output<typeof variablesSchema>;

/**
 * @param schema - {@link variablesSchema} or a pick of it: only its variables are looked at
 * @returns in `values` a variable that is wrong counts as unset, so that the rest can be checked too
 */
export function readVariables<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Environment,
): {
  readonly values: z.output<z.ZodObject<Shape>>;
  readonly problems: readonly SettingProblem[];
} {
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const text = env[name];
    if (text !== undefined) given[name] = text;
  }
  const parsed = schema.safeParse(given, { reportInput: true });
  if (parsed.success) return { values: parsed.data, problems: [] };
  const problems = parsed.error.issues.map(problemOf);
  for (const { variable } of problems) delete given[variable];
  return { values: schema.parse(given), problems };
}

function problemOf(issue: z.core.$ZodIssue): SettingProblem {
  const isSecret = issue.code === "custom" && issue.params?.["isSecret"] === true;
  const problem = { variable: String(issue.path[0]), rule: issue.message };
  return isSecret ? problem : { ...problem, got: String(issue.input) };
}
