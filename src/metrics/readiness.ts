// Whether the bot can do its work now, and if not, why: for /readyz in words, for the series by a closed set of reasons. What there is
// to look at is for whoever starts the bot to say; this file bounds how long a look may take.
import { notFoundOut, notFoundOutInTime } from "../words/readiness-words.ts";

/** The label of `airlock_not_ready`. */
export const notReadyReasons = [
  "polling",
  "backup_dir",
  "state_dir",
  "config_dir",
  "store",
] as const;
export type NotReadyReason = (typeof notReadyReasons)[number];

export interface NotReady {
  readonly reason: NotReadyReason;
  /** One line in plain words, for anyone to read. */
  readonly text: string;
}

/** One thing that must be well. */
export interface Check {
  readonly reason: NotReadyReason;
  /** Different from every other check's: by it a look that runs is known. */
  readonly key: string;
  /** What is looked at: `STATE_DIR can be written`. */
  readonly what: string;
  /** @returns what is wrong, in one line; undefined where all is well */
  readonly look: () => Promise<string | undefined>;
}

const lookTimeoutMs = 2000;

/**
 * @param checks - asked each time, since configs come and go
 * @param onError - told why a look failed; whoever asks is not told
 * @returns looks at everything, in at most two seconds. However many ask, each thing is looked at once at a time, so that a look that
 * hangs is not joined by more of them
 */
export function createReadiness(
  checks: () => readonly Check[],
  onError: (error: unknown) => void,
): () => Promise<readonly NotReady[]> {
  const looking = new Map<string, Promise<string | undefined>>();

  function startLook({ key, what, look }: Check): Promise<string | undefined> {
    const started = look()
      .catch((error: unknown) => {
        onError(error);
        return notFoundOut(what);
      })
      .finally(() => looking.delete(key));
    looking.set(key, started);
    return started;
  }

  async function troubleOf(check: Check): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<string>((resolve) => {
      const text = notFoundOutInTime(check.what, lookTimeoutMs);
      timer = setTimeout(() => resolve(text), lookTimeoutMs);
    });
    try {
      return await Promise.race([looking.get(check.key) ?? startLook(check), tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }

  return async () => {
    const found = await Promise.all(
      checks().map(async (check) => ({ reason: check.reason, text: await troubleOf(check) })),
    );
    return found.flatMap(({ reason, text }) => (text === undefined ? [] : [{ reason, text }]));
  };
}
