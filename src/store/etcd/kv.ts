// Keys and values in etcd, as its JSON gateway takes and gives them: keys and values in base64, 64-bit numbers as text, and fields
// left out where they are false, zero or empty. https://etcd.io/docs/v3.4/dev-guide/api_grpc_gateway/
import { z } from "zod";
import type { CallOptions, Gateway } from "./gateway.ts";

/** Of values that may be as large as etcd takes them, 1.5 MiB. */
export const valuesPerPage = 16;

const numberText = z.string().regex(/^\d{1,19}$/);

const keyValueSchema = z
  .object({ key: z.string(), value: z.string().default(""), mod_revision: numberText })
  .transform(({ key, value, mod_revision: modRevision }) => ({
    key: Buffer.from(key, "base64").toString("utf8"),
    value: Buffer.from(value, "base64"),
    modRevision,
  }));

const rangeSchema = z.object({
  kvs: z.array(keyValueSchema).default([]),
  more: z.boolean().default(false),
  count: numberText.default("0"),
});

const txnSchema = z.object({
  header: z.object({ revision: numberText }),
  succeeded: z.boolean().default(false),
  responses: z.array(z.object({ response_range: rangeSchema.optional() })).default([]),
});

export type KeyValue = Readonly<z.infer<typeof keyValueSchema>>;
type Range = Readonly<z.infer<typeof rangeSchema>>;

export interface RangeOptions {
  /** All keys from `key` up to this one, which is left out. */
  readonly end?: string;
  readonly limit?: number;
  readonly newestFirst?: boolean;
  readonly keysOnly?: boolean;
  /** Only what was written at this revision of the store, or later. */
  readonly sinceRevision?: string;
}

/** A part of a transaction, as the gateway takes it. */
export type Operation = object;
export type Compare = object;

interface Transaction {
  /** All of these must hold. */
  readonly compare: readonly Compare[];
  readonly success: readonly Operation[];
  readonly failure?: readonly Operation[];
}

interface TransactionEnd {
  readonly succeeded: boolean;
  /** The store's revision with it: what it wrote has this as its own. */
  readonly revision: string;
  /** What its reads found, one list for each; all as of one moment. */
  readonly ranges: readonly (readonly KeyValue[])[];
  /** False where it failed because another process leads now: this one can never write again. */
  readonly mayWrite: boolean;
}

/** What a process put there when it began to lead: each of its transactions compares it, so that none succeeds once another leads. */
export interface Fence {
  readonly key: string;
  readonly modRevision: string;
}

export interface Kv {
  /** As a majority has it. */
  range(key: string, options?: RangeOptions & CallOptions): Promise<Range>;
  transact(transaction: Transaction, options?: CallOptions): Promise<TransactionEnd>;
}

export function createKv(gateway: Gateway): Kv {
  return {
    range: (key, { signal, withinMs, ...range } = {}) =>
      gateway.call("/v3/kv/range", rangeRequest(key, range), rangeSchema, {
        signal,
        ...(withinMs !== undefined && { withinMs }),
      }),
    async transact({ compare, success, failure = [] }, options) {
      const body = { compare, success, failure };
      const end = await gateway.call("/v3/kv/txn", body, txnSchema, options);
      return {
        succeeded: end.succeeded,
        revision: end.header.revision,
        ranges: end.responses.flatMap(({ response_range: range }) => (range ? [range.kvs] : [])),
        mayWrite: true,
      };
    },
  };
}

/** @param onFenced - told when a transaction found that another process leads */
export function fencedKv(kv: Kv, { key, modRevision }: Fence, onFenced: () => void): Kv {
  return {
    range: (...asked) => kv.range(...asked),
    async transact({ compare, success, failure = [] }, options) {
      const fenced = {
        compare: [...compare, isAt(key, modRevision)],
        success,
        failure: [...failure, read(key, { keysOnly: true })],
      };
      const end = await kv.transact(fenced, options);
      if (end.succeeded) return end;
      const mayWrite = end.ranges.at(-1)?.[0]?.modRevision === modRevision;
      if (!mayWrite) onFenced();
      return { ...end, ranges: end.ranges.slice(0, -1), mayWrite };
    },
  };
}

/** Every key with this prefix, page after page; each page as a majority had it then. */
export async function* everything(
  kv: Kv,
  prefix: string,
  options: Pick<RangeOptions, "keysOnly"> & CallOptions & { readonly limit: number },
): AsyncGenerator<KeyValue> {
  const end = prefixEnd(prefix);
  for (let from = prefix; ;) {
    const { kvs, more } = await kv.range(from, { ...options, end });
    yield* kvs;
    const last = kvs.at(-1);
    if (!more || last === undefined) return;
    from = `${last.key}\0`;
  }
}

/** The first key after all those with this prefix, which ends in a character of ASCII. */
export function prefixEnd(prefix: string): string {
  const last = prefix.codePointAt(prefix.length - 1) ?? 0;
  return prefix.slice(0, -1) + String.fromCodePoint(last + 1);
}

/** @param lease - it is gone when this ends; undefined for what stays */
export function put(key: string, value: Uint8Array | string, lease?: string): Operation {
  return {
    request_put: { key: base64(key), value: base64(value), ...(lease !== undefined && { lease }) },
  };
}

export function remove(key: string): Operation {
  return { request_delete_range: { key: base64(key) } };
}

/** Every key with this prefix. */
export function removeAll(prefix: string): Operation {
  return {
    request_delete_range: { key: base64(prefix), range_end: base64(prefixEnd(prefix)) },
  };
}

export function read(key: string, options: RangeOptions = {}): Operation {
  return { request_range: rangeRequest(key, options) };
}

/** @param modRevision - `0` for a key that is not there */
export function isAt(key: string, modRevision: string): Compare {
  return { key: base64(key), target: "MOD", result: "EQUAL", mod_revision: modRevision };
}

export function isAbsent(key: string): Compare {
  return isAt(key, "0");
}

export function isPresent(key: string): Compare {
  return { key: base64(key), target: "MOD", result: "GREATER", mod_revision: "0" };
}

function rangeRequest(
  key: string,
  { end, limit, newestFirst, keysOnly, sinceRevision }: RangeOptions,
): object {
  return {
    key: base64(key),
    ...(end !== undefined && { range_end: base64(end) }),
    ...(limit !== undefined && { limit: String(limit) }),
    ...(newestFirst === true && { sort_order: "DESCEND", sort_target: "KEY" }),
    ...(keysOnly === true && { keys_only: true }),
    ...(sinceRevision !== undefined && { min_mod_revision: sinceRevision }),
  };
}

export function base64(value: Uint8Array | string): string {
  return Buffer.from(value).toString("base64");
}
