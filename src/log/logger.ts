// The log: JSON lines on standard output, from which the bot's token is kept out whatever was logged and in whatever field.
// Imports nothing of ours. What is worth logging is for others to say.
import { strict as assert } from "node:assert";
import { inspect } from "node:util";
import { type LevelWithSilent, type Logger, pino, stdTimeFunctions } from "pino";

/** Where finished lines go, each with its newline. */
export interface LogDestination {
  /** Must not throw: whoever logs something is in the middle of something else. */
  write(line: string): void;
}

/**
 * A logger whose lines never hold `token`.
 * @param token - the bot's token, or another secret, not empty; undefined for a process that has none
 */
export function createLogger(options: {
  readonly level: LevelWithSilent;
  readonly token: string | undefined;
  readonly destination: LogDestination;
}): Logger {
  const { level, token, destination } = options;
  const redact = token === undefined ? (line: string) => line : createRedactor(token);
  // Redacted as a finished line and not field by field: a token may stand in any message, stack or URL.
  const redacting: LogDestination = {
    write: (line) => {
      destination.write(redact(line));
    },
  };
  const serializer = (error: unknown) => serializeError(error, errorChainMax);
  const serializers = { err: serializer, error: serializer };
  return pino({ level, serializers, timestamp: stdTimeFunctions.isoTime }, redacting);
}

/**
 * Replaces every occurrence of the token in a text by `[token]`: as it is, URL-encoded, escaped in JSON, and also
 * its secret part alone, which is what comes after the colon.
 * @param token - not empty
 */
export function createRedactor(token: string): (text: string) => string {
  const variants = variantsOf(token);
  return (text) => {
    let redacted = text;
    for (const variant of variants) {
      if (redacted.includes(variant)) redacted = redacted.replaceAll(variant, "[token]");
    }
    return redacted;
  };
}

function variantsOf(token: string): ReadonlySet<string> {
  assert(token !== "");
  const forms = [token];
  const secretPart = token.slice(token.indexOf(":") + 1);
  if (secretPart.length >= secretPartCharactersMin) forms.push(secretPart);
  const variants = new Set<string>();
  for (const form of forms) {
    const encoded = encodeURIComponent(form);
    const lowerCased = encoded.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
    const escaped = JSON.stringify(form).slice(1, -1);
    for (const variant of [form, encoded, lowerCased, escaped]) variants.add(variant);
  }
  return variants;
}

/** A real one has 35; a shorter text could stand in a line by chance. */
const secretPartCharactersMin = 16;

interface SerializedError {
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: SerializedError;
}

/** An error and what caused it count as one each. */
const errorChainMax = 8;

// Only the fields named here: grammY's errors carry whole requests and updates in theirs.
function serializeError(error: unknown, chainLeft: number): SerializedError {
  if (!(error instanceof Error)) return { name: typeof error, message: textOf(error) };
  const cause = causeOf(error);
  return {
    name: error.name,
    message: error.message,
    ...codeOf(error),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(cause !== undefined && chainLeft > 1 && { cause: serializeError(cause, chainLeft - 1) }),
  };
}

/**
 * An error and its causes on one line, as in `could not start: listen refused (EADDRINUSE)`. May hold the token:
 * see {@link redact}.
 */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  let current: unknown = error;
  while (current !== undefined && parts.length < errorChainMax) {
    const { message, name, code } = serializeError(current, 1);
    const known = code === undefined || message.includes(String(code));
    parts.push(`${message || name}${known ? "" : ` (${code})`}`);
    current = current instanceof Error ? causeOf(current) : undefined;
  }
  return parts.join(": ").replaceAll(/\s+/g, " ");
}

/** grammY's HttpError and BotError keep what caused them in `error`: https://grammy.dev/guide/errors */
function causeOf(error: Error): unknown {
  if (error.cause !== undefined) return error.cause;
  return "error" in error ? error.error : undefined;
}

function codeOf(error: Error): { code?: string | number } {
  const code = "code" in error ? error.code : undefined;
  return typeof code === "string" || typeof code === "number" ? { code } : {};
}

function textOf(thrown: unknown): string {
  // Unlike JSON and String(), inspect never throws on what it is given.
  return typeof thrown === "string" ? thrown : inspect(thrown, { depth: 0, breakLength: Infinity });
}
