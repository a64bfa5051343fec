// One machine with a real folder, and a store that a test plays.
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createInspector } from "../../src/document/inspector.ts";
import { type ConfigFollower, followConfig } from "../../src/follow/follow-config.ts";
import type { FollowContext } from "../../src/follow/follow-context.ts";
import { type Config } from "../../src/model/config.ts";
import { parseConfigId } from "../../src/model/config-id.ts";
import type { FollowEvent } from "../../src/model/follow-event.ts";
import type { MachineConfig, MachineEdit, Rollout } from "../../src/model/machine.ts";
import { noRules, type Rules } from "../../src/model/rules.ts";
import type { Revision } from "../../src/model/revision.ts";
import type { ServiceProof } from "../../src/model/service-proof.ts";
import { Refusal } from "../../src/model/trouble.ts";
import { type Version, versionOf } from "../../src/model/version.ts";
import type { FollowedStore } from "../../src/store/followed.ts";
import { openJournal } from "../../src/store/local/journal.ts";
import { createLocalStore } from "../../src/store/local/local-store.ts";
import { openStateStore } from "../../src/store/local/state-store.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const inspector = createInspector({ timeoutMs: 20_000 });
afterAll(() => inspector.close());

export function fees(percent: number): string {
  return `currency: USD\nmaker_percent: ${percent}\ntaker_percent: 0.1\n`;
}

/** What a store of several machines would have; tests write it as they like. */
export interface PlayedStore extends Omit<FollowedStore, "version"> {
  version: FollowedStore["version"];
  newestNow: Revision | undefined;
  rolloutNow: Rollout | undefined;
  /** It answers nothing. */
  isAway: boolean;
  /** Asked for bytes so often. */
  readonly fetches: number;
  readonly edits: readonly MachineEdit[];
  commit(text: string, more?: Partial<Revision>): Revision;
}

export function playStore(): PlayedStore {
  const versions = new Map<string, Version>();
  const edits = new Map<string, MachineEdit>();
  const asked = <Result>(result: Result): Promise<Result> =>
    store.isAway
      ? Promise.reject(new Refusal({ code: "store_no_majority" }))
      : Promise.resolve(result);
  let fetches = 0;
  const store: PlayedStore = {
    newestNow: undefined,
    rolloutNow: undefined,
    isAway: false,
    get fetches() {
      return fetches;
    },
    get edits() {
      return [...edits.values()];
    },
    answeredMs: 0,
    keptOut: undefined,
    commit(text, more) {
      const version = versionOf(Buffer.from(text));
      versions.set(version.sha256, version);
      const last = store.newestNow;
      store.newestNow = {
        revision: (last?.revision ?? 0) + 1,
        at: new Date().toISOString(),
        how: "upload",
        author: { id: 1001, name: "Anna" },
        reason: null,
        sha256: version.sha256,
        previous_sha256: last?.sha256 ?? null,
        bytes: version.bytes.length,
        backup: null,
        message: null,
        ...more,
      };
      return store.newestNow;
    },
    newest: () => store.newestNow,
    rollout: () => store.rolloutNow,
    watch: () => () => {},
    version(_, sha256) {
      fetches += 1;
      return asked(versions.get(sha256));
    },
    async claim(_, revision) {
      await asked(undefined);
      if ((store.rolloutNow?.revision ?? 0) >= revision) return;
      store.rolloutNow = { revision, first: "web-1", state: "claimed" };
    },
    async advance(_, revision, state) {
      await asked(undefined);
      store.rolloutNow = { revision, first: "web-1", state };
    },
    report: () => {},
    reported: () => Promise.resolve(),
    async edited(key, edit) {
      await asked(undefined);
      edits.set(key, edit);
    },
    close: () => Promise.resolve(),
  };
  return store;
}

export interface MachineHere {
  readonly store: PlayedStore;
  readonly path: string;
  readonly events: readonly FollowEvent[];
  readonly state: MachineConfig | undefined;
  readonly proofs: readonly string[];
  /** What the service answers from now on. */
  answer: ServiceProof;
  text(): Promise<string>;
  inode(): Promise<number>;
  edit(text: string): Promise<void>;
  backups(): Promise<readonly string[]>;
  look(): Promise<void>;
  tell(): Promise<void>;
  /** As another process, on the same folders. */
  restart(): Promise<void>;
}

export async function machineHere({
  rules = noRules,
  file = fees(1),
  machine = "web-1",
  store = playStore(),
  check = (...asked) => inspector.check(...asked),
}: {
  readonly rules?: Rules;
  readonly file?: string | null;
  readonly machine?: string;
  readonly store?: PlayedStore;
  readonly check?: FollowContext["inspector"]["check"];
} = {}): Promise<MachineHere> {
  const folder = await temporaryFolder();
  const id = parseConfigId("fees");
  if (id === undefined) throw new Error("fees is no config id");
  const path = join(folder, "config", "fees.yml");
  const config: Config = {
    id,
    fileName: "fees.yml",
    path,
    title: null,
    schema: "builtin:fees",
    rules,
  };
  await mkdir(join(folder, "config"));
  await mkdir(join(folder, "backups"));
  if (file !== null) await writeFile(path, file);
  const stateDir = join(folder, "state");
  const events: FollowEvent[] = [];
  const proofs: string[] = [];
  let follower: ConfigFollower;

  const context: Omit<FollowContext, "journal" | "records"> = {
    machine,
    store,
    inspector: { check },
    prove: (_, { revision, sha256 }) => {
      proofs.push(`${revision} ${sha256}`);
      return Promise.resolve(here.answer);
    },
    lookAgainIn: () => {},
    onEvent: (event) => events.push(event),
    onState: () => {},
    signal: new AbortController().signal,
  };

  async function open(): Promise<void> {
    const troubles: string[] = [];
    const report = (what: string): void => void troubles.push(what);
    const journal = await openJournal(join(stateDir, "journal.jsonl"), report);
    const backupDir = join(folder, "backups");
    const local = createLocalStore({ stateDir, backupDir, backupsMax: 0, report, journal });
    const [opened] = await local.open([config]);
    if (opened?.kind !== "opened") throw new Error(JSON.stringify(opened));
    const clean = (text: string): string => text;
    const records = await openStateStore(join(stateDir, "followed"), { clean });
    follower = await followConfig(opened.config, { ...context, journal, records });
  }

  const here: MachineHere = {
    store,
    path,
    events,
    proofs,
    answer: { kind: "proven" },
    get state() {
      return follower.state;
    },
    text: () => readFile(path, "utf8"),
    inode: async () => (await stat(path)).ino,
    edit: (text) => writeFile(path, text),
    async backups() {
      const names = (await readdir(join(folder, "backups"))).filter((name) =>
        name.endsWith(".yml"),
      );
      return Promise.all(
        names.toSorted().map((name) => readFile(join(folder, "backups", name), "utf8")),
      );
    },
    look: () => follower.look(),
    tell: () => follower.tell(),
    restart: open,
  };
  await mkdir(stateDir);
  await open();
  return here;
}
