// One time of leading, of a bot that is one of several: what it has around it for as long, and by what it is reached meanwhile.
import type { App } from "./app.ts";
import type { Around } from "./around.ts";
import { pollingCheck } from "./health.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { Watched } from "./metrics/watched.ts";
import { isStoreAway, Refusal, type Trouble } from "./model/trouble.ts";
import type { EtcdSettings } from "./settings/etcd-settings.ts";
import type { Settings } from "./settings/settings.ts";
import type { ControlAnswer, ControlRequest } from "./shell/protocol.ts";
import type { Backing } from "./store/backing.ts";
import { type EtcdBacking, openEtcdBacking } from "./store/etcd/etcd-backing.ts";
import type { Leading } from "./store/etcd/leadership.ts";
import { readWhatIsHere } from "./store/local/local-backing.ts";
import { storeAnswers } from "./words/readiness-words.ts";

export interface Term {
  readonly leading: Leading;
  app: App | undefined;
  backing: EtcdBacking | undefined;
  watched: Watched | undefined;
  perform: ((request: ControlRequest) => Promise<ControlAnswer>) | undefined;
}

export function beginTerm(leading: Leading): Term {
  return { leading, app: undefined, backing: undefined, watched: undefined, perform: undefined };
}

interface TermOptions {
  readonly settings: Settings;
  readonly etcd: EtcdSettings;
  readonly metrics: Metrics;
  /** Why the store cannot be used at this moment, in one line; undefined where it can. */
  readonly storeTrouble: () => string | undefined;
}

/** Kept in `now` for as long as it lasts. */
export function aroundTerm(
  now: Term,
  { settings, etcd, metrics, storeTrouble }: TermOptions,
): Around {
  const { leading } = now;
  return {
    leading,
    metrics,
    async openBacking(clean, report) {
      now.backing = await openEtcdBacking(
        {
          ...etcd,
          backupsMax: settings.backupsMax,
          leading,
          firstFrom: (config) => readWhatIsHere(settings, config, report),
          report,
        },
        clean,
      );
      return insisting(now.backing);
    },
    onOpened: () => Promise.resolve(),
    checks: (pollingTrouble) => () => {
      const look = (): Promise<string | undefined> => Promise.resolve(storeTrouble());
      return [
        pollingCheck(pollingTrouble),
        { reason: "store", key: "store", what: storeAnswers, look },
      ];
    },
    async watch(watched) {
      now.watched = watched;
    },
    control: {
      serve(perform) {
        now.perform = perform;
      },
      stopping() {
        now.perform = undefined;
      },
      release: () => Promise.resolve(),
    },
    async close() {
      now.watched = undefined;
    },
  };
}

/** Where the store does not let its configs be opened, the start is tried again: that is no mistake of the catalog's. */
function insisting(backing: Backing): Backing {
  const { store } = backing;
  let isStart = true;
  return {
    ...backing,
    store: {
      ...store,
      async open(configs) {
        const opened = await store.open(configs);
        for (const each of isStart ? opened : []) {
          if (each.kind === "refused" && isPassing(each.trouble)) {
            throw new Refusal(each.trouble);
          }
        }
        isStart = false;
        return opened;
      },
    },
  };
}

function isPassing(trouble: Trouble): boolean {
  return (
    isStoreAway(trouble) ||
    trouble.code === "store_other_leads" ||
    trouble.code === "store_changed_meanwhile"
  );
}
