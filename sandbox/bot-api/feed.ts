// A list that grows, can be listened to and waited on: the request log and what the chats show are both feeds.

/** How to wait on a {@link Feed}. */
export interface WaitOptions {
  /** Entries before this {@link Feed.cursor} do not count. Minimum and default 0: everything still kept counts. */
  readonly since?: number;
  /** The clock starts at the call. Default 10,000. */
  readonly timeoutMs?: number;
  /** What to print when nothing came in time. */
  readonly describe?: () => string;
}

/** Keeps the newest `entriesMax` entries and forgets the oldest first. */
export class Feed<T> {
  readonly #entriesMax: number;
  readonly #entries: T[] = [];
  readonly #listeners = new Set<(entry: T) => void>();
  #forgotten = 0;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  get entries(): readonly T[] {
    return this.#entries;
  }

  /** The place where the next entry will stand; what came so far is before it. */
  cursor(): number {
    return this.#forgotten + this.#entries.length;
  }

  /** The entries that came at or after `cursor`, oldest first. */
  since(cursor: number): readonly T[] {
    return this.#entries.slice(Math.max(0, cursor - this.#forgotten));
  }

  append(entry: T): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.#entriesMax) {
      this.#entries.shift();
      this.#forgotten += 1;
    }
    for (const listener of this.#listeners) {
      listener(entry);
    }
  }

  /** Calls `listener` for every later entry, until the function returned is called. */
  subscribe(listener: (entry: T) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /**
   * The first entry that `pick` finds something in, past or to come.
   * @returns what `pick` returned for it
   * @throws after `timeoutMs`, with what `describe` says
   */
  async waitFor<U>(pick: (entry: T) => U | undefined, options: WaitOptions = {}): Promise<U> {
    for (const entry of this.since(options.since ?? 0)) {
      const found = pick(entry);
      if (found !== undefined) {
        return found;
      }
    }
    const timeoutMs = options.timeoutMs ?? 20_000;
    return new Promise<U>((resolve, reject) => {
      const stop = this.subscribe((entry) => {
        const found = pick(entry);
        if (found !== undefined) {
          end();
          resolve(found);
        }
      });
      const timer = setTimeout(() => {
        end();
        reject(new Error(`waited ${timeoutMs} ms in vain\n${options.describe?.() ?? ""}`));
      }, timeoutMs);
      const end = (): void => {
        stop();
        clearTimeout(timer);
      };
    });
  }
}
