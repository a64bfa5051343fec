// What the store in etcd knows at this moment: which revision of each config is the newest, what each machine reports, the history. Read from
// outside, by the keys that docs/several-machines.md lists, and never written.
import { setTimeout as passed } from "node:timers/promises";
import { z } from "zod";

const lookEveryMs = 250;
const answerTimeoutMs = 2000;

const reportSchema = z.object({
  name: z.string(),
  configs: z.record(
    z.string(),
    z.object({
      revision: z.number(),
      stage: z.enum(["fetched", "written", "live"]).nullable(),
      problem: z.string().nullable(),
    }),
  ),
});
type MachineReport = z.infer<typeof reportSchema>;

/** Of a head, and of a revision under its own key. */
const storedSchema = z.object({ entry: z.looseObject({ revision: z.number() }) });
type Entry = z.infer<typeof storedSchema>["entry"];

const rangeSchema = z.object({
  kvs: z.array(z.object({ key: z.base64(), value: z.base64() })).default([]),
});

interface StoreFacts {
  /** The newest revision by config. */
  readonly newest: ReadonlyMap<string, number>;
  /** By machine; of those that live. */
  readonly reports: ReadonlyMap<string, MachineReport>;
  /** By machine; of those that are silent as well. */
  readonly last: ReadonlyMap<string, MachineReport>;
  /** Lines of history by config, the newest first. */
  readonly history: ReadonlyMap<string, readonly Entry[]>;
}

export interface SharedStore {
  /** As the last look found it. */
  readonly facts: StoreFacts;
  /** Resolves when nothing is asked any more. */
  close(): Promise<void>;
}

export interface StorePlace {
  /** The first is asked. */
  readonly endpoints: readonly URL[];
  readonly prefix: string;
}

/** etcd is busy, or away. */
class NoAnswer extends Error {}

/** @param onChange - called after each look that found something else than the one before */
export function watchStore(
  { endpoints: [endpoint], prefix }: StorePlace,
  { historyMax, onChange }: { readonly historyMax: number; readonly onChange: () => void },
): SharedStore {
  const closing = new AbortController();
  const { signal } = closing;
  let facts: StoreFacts = {
    newest: new Map(),
    reports: new Map(),
    last: new Map(),
    history: new Map(),
  };

  /** Those with the greatest keys first. */
  async function read<T>(
    below: string,
    schema: z.ZodType<T>,
    limit = 0,
  ): Promise<ReadonlyMap<string, T>> {
    const start = Buffer.from(prefix + below);
    const end = Buffer.from(start);
    end[end.length - 1] = (end.at(-1) ?? 0) + 1;
    const answer = await fetch(new URL("/v3/kv/range", endpoint), {
      method: "POST",
      body: JSON.stringify({
        key: start.toString("base64"),
        range_end: end.toString("base64"),
        limit,
        sort_order: "DESCEND",
        sort_target: "KEY",
      }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    })
      // An answer may break off, too: etcd ends, or nobody wants it any more.
      .then(async (response) => ({ status: response.status, body: await response.text() }))
      .catch((cause: unknown) => {
        throw new NoAnswer("etcd did not answer", { cause });
      });
    if (answer.status !== 200) throw new NoAnswer(`etcd answered ${answer.status}`);
    const { kvs } = rangeSchema.parse(JSON.parse(answer.body));
    const text = (part: string): string => Buffer.from(part, "base64").toString("utf8");
    return new Map(
      kvs.map(({ key, value }) => [
        text(key).slice(prefix.length + below.length),
        schema.parse(JSON.parse(text(value))),
      ]),
    );
  }

  async function look(): Promise<StoreFacts> {
    const heads = await read("heads/", storedSchema);
    const reports = await read("machines/reports/", reportSchema);
    const newest = new Map([...heads].map(([id, { entry }]) => [id, entry.revision]));
    const history = new Map(facts.history);
    for (const [id, revision] of newest) {
      if (facts.newest.get(id) === revision) continue;
      const lines = await read(`revisions/${id}/`, storedSchema, historyMax);
      history.set(
        id,
        [...lines.values()].map(({ entry }) => entry),
      );
    }
    return { newest, reports, last: new Map([...facts.last, ...reports]), history };
  }

  async function lookOnAndOn(): Promise<void> {
    let seen = "";
    while (!signal.aborted) {
      try {
        facts = await look();
        const now = JSON.stringify([[...facts.newest], [...facts.reports]]);
        if (now !== seen) onChange();
        seen = now;
      } catch (error) {
        // What was known stands until the next look.
        if (!(error instanceof NoAnswer)) throw error;
      }
      await passed(lookEveryMs, undefined, { signal }).catch(() => {
        // It is closed.
      });
    }
  }

  const looking = lookOnAndOn();
  return {
    get facts() {
      return facts;
    },
    async close() {
      closing.abort();
      await looking;
    },
  };
}
