// What is known of the service of each config, as it is written down: a change that waits for it now, and how the last one ended.
import { z } from "zod";
import { revisionSchema, sha256Schema } from "../../model/revision.ts";
import { serviceEndSchema, serviceFaultSchema } from "../../model/service-proof.ts";
import type { Records } from "../../store/records.ts";

const askingSchema = z.object({
  /** The attempt's key in the journal. */
  key: z.string(),
  /** The number that it was to get; an edit by hand in the last instant moves it on by one. */
  revision: z.int().positive(),
  sha256: sha256Schema,
  how: revisionSchema.shape.how,
  /** Why the service did not take it, once that is known: from then on it is being put back. */
  fault: serviceFaultSchema.nullable(),
});

const endedSchema = z.object({
  key: z.string(),
  /** The revision that the change made. */
  revision: z.int().positive(),
  end: serviceEndSchema,
});

const recordSchema = z.object({ asking: askingSchema.nullable(), ended: endedSchema.nullable() });

/** A change that is about to go live, or is live and waits for its service. */
export type Asking = Readonly<z.infer<typeof askingSchema>>;
type Ended = Readonly<z.infer<typeof endedSchema>>;

interface ServiceRecord {
  readonly asking: Asking | null;
  readonly ended: Ended | null;
}

const nothing: ServiceRecord = { asking: null, ended: null };

export interface ServiceRecords {
  of(configId: string): ServiceRecord;
  ids(): readonly string[];
  /** Durable when it resolves. @throws what the store refuses: then it is as before */
  write(configId: string, record: ServiceRecord): Promise<void>;
}

/** @throws what the store refuses */
export async function openServiceRecords(store: Records): Promise<ServiceRecords> {
  const records = new Map<string, ServiceRecord>();
  for (const id of await store.keys()) {
    const record = recordSchema.safeParse(await store.read(id)).data;
    if (record !== undefined) records.set(id, record);
  }
  return {
    of: (configId) => records.get(configId) ?? nothing,
    ids: () => [...records.keys()],
    async write(configId, record) {
      await store.write(configId, record);
      records.set(configId, record);
    },
  };
}
