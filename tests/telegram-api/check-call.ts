// Holds a call of the bot against Telegram's own description of its Bot API, of which bot-api.json holds the methods
// that Airlock calls, and against the limits that the description tells only in prose. The stand-in takes what Airlock
// sends; this says what Telegram would not.
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { TelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { limitFaults } from "./limits.ts";

const fieldsSchema = z.record(
  z.string(),
  z.object({ types: z.array(z.string()), required: z.boolean().optional() }),
);
const descriptionSchema = z.object({
  version: z.string(),
  methods: z.record(z.string(), fieldsSchema),
  types: z.record(
    z.string(),
    z.union([
      z.object({ fields: fieldsSchema }).strict(),
      z.object({ subtypes: z.array(z.string()) }).strict(),
    ]),
  ),
});
const description = descriptionSchema.parse(
  JSON.parse(readFileSync(new URL("bot-api.json", import.meta.url), "utf8")),
);

type Fields = z.infer<typeof fieldsSchema>;
type Values = Readonly<Record<string, unknown>>;

/** One call as it went over the wire; files stand as their name and length. */
interface Call {
  readonly method: string;
  readonly params: Values;
}

/** @returns a line for each thing that Telegram's description does not allow; none where the call is right */
export function faultsOfCall({ method, params }: Call): readonly string[] {
  const parameters = description.methods[method];
  if (parameters === undefined) {
    return [`${method}: bot-api.json has no such method of ${description.version}; add it there`];
  }
  const values = asSent(params, parameters);
  const faults = [...fieldFaults(values, parameters, method), ...limitFaults(method, values)];
  return faults.toSorted();
}

/** Collects what is wrong with the calls that a server is sent, downloads aside; each fault once. */
export function watchCalls(server: TelegramServer): { readonly faults: () => readonly string[] } {
  const faults = new Set<string>();
  server.onRequest((request) => {
    if (request.method === "download") return;
    for (const fault of faultsOfCall(request)) faults.add(fault);
  });
  return { faults: () => [...faults] };
}

// A form, which is how a file is sent, holds everything as text, and a file as a part that a parameter points to.
function asSent(params: Values, parameters: Fields): Values {
  const parts = new Set(Object.keys(params).filter((name) => isFile(params[name])));
  if (parts.size === 0) return params;
  const attached = new Set<string>();
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(params)) {
    const part = typeof value === "string" ? /^attach:\/\/(.+)$/.exec(value)?.[1] : undefined;
    if (part !== undefined && parts.has(part)) {
      attached.add(part);
      values[name] = params[part];
    } else {
      const isText = parameters[name]?.types.includes("String") ?? true;
      values[name] = isText || typeof value !== "string" ? value : parsed(value);
    }
  }
  for (const part of attached) delete values[part];
  return values;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

function fieldFaults(values: Values, fields: Fields, where: string): readonly string[] {
  const missing = Object.entries(fields)
    .filter(([name, { required }]) => required === true && values[name] === undefined)
    .map(([name]) => `${where}: ${name} is required`);
  const wrong = Object.entries(values).flatMap(([name, value]) => {
    const field = fields[name];
    return field === undefined
      ? [`${where}: ${name} is unknown`]
      : valueFaults(value, field.types, `${where}.${name}`);
  });
  return [...missing, ...wrong];
}

// Where a value may be of several types, the one that it fits best tells what is wrong.
function valueFaults(value: unknown, types: readonly string[], where: string): readonly string[] {
  const tried = types.map((type) => faultsAsType(value, type, where));
  return tried.toSorted((one, other) => one.length - other.length)[0] ?? [];
}

function faultsAsType(value: unknown, type: string, where: string): readonly string[] {
  const wrongType = [`${where}: must be ${type}, got ${JSON.stringify(value)}`];
  const items = /^Array of (.+)$/.exec(type)?.[1];
  if (items !== undefined) {
    if (!Array.isArray(value)) return wrongType;
    return value.flatMap((item, index) => faultsAsType(item, items, `${where}[${index}]`));
  }
  switch (type) {
    case "String":
      return typeof value === "string" ? [] : wrongType;
    case "Integer":
      return Number.isSafeInteger(value) ? [] : wrongType;
    case "Boolean":
    case "True":
      return typeof value === "boolean" ? [] : wrongType;
    case "InputFile":
      return isFile(value) ? [] : wrongType;
    default:
      return objectFaults(value, type, where) ?? wrongType;
  }
}

/** @returns undefined for what is no object */
function objectFaults(value: unknown, type: string, where: string): readonly string[] | undefined {
  const described = description.types[type];
  if (described === undefined) throw new Error(`bot-api.json does not describe ${type}`);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return "fields" in described
    ? fieldFaults({ ...value }, described.fields, where)
    : valueFaults(value, described.subtypes, where);
}

function isFile(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).toSorted().join() === "bytes,name"
  );
}
