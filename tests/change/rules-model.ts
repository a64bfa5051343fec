// What the rules of a config let happen, told a second time and as plainly as can be, to compare the real gates with. Shares no code with src:
// it reads three numbers out of a fees.yml by itself, keeps its own history, and counts approvals in its own way. Long: a model in pieces could
// not be read against the rules.

const dayMs = 86_400_000;
const minuteMs = 60_000;

export interface ModelRules {
  readonly limited: boolean;
  readonly approval: {
    readonly always: boolean;
    readonly needed: number;
    readonly by: readonly number[] | null;
    readonly expiresMs: number;
  } | null;
  readonly keepMs: number | null;
}

export interface ModelRevision {
  readonly how: string;
  readonly author: number | null;
  readonly approvedBy: readonly number[];
  readonly reverts: number | null;
  readonly text: string;
  readonly atMs: number;
}

interface ModelRequest {
  readonly author: number;
  readonly how: string;
  readonly text: string;
  /** What it was made from, where that is known. */
  readonly base: string | undefined;
  /** That is what its author was given last, as they sent it: their own changes since are known to them. */
  readonly isGiven: boolean;
  readonly agreed: readonly number[] | null;
}

interface Waiting {
  readonly how: string;
  readonly author: number;
  readonly text: string;
  readonly liveText: string;
}

export interface ModelParked extends Waiting {
  /** What its author must type; null for one that is only stale. */
  readonly answer: string | null;
  readonly atMs: number;
}

export interface ModelProposal extends Waiting {
  readonly needed: number;
  readonly by: readonly number[] | null;
  readonly untilMs: number;
  readonly given: readonly number[];
}

export type Expected =
  | {
      readonly kind:
        "applied" | "unchanged" | "invalid" | "stale" | "frozen" | "keep_pending" | "approval";
    }
  | { readonly kind: "confirmation"; readonly answer: string };

interface ModelKeep {
  readonly revision: number;
  readonly text: string;
  readonly backTo: string;
  readonly untilMs: number;
  readonly extended: number;
}

export class RulesModel {
  nowMs: number;
  rules: ModelRules;
  live: string;
  editedAtMs = 0;
  readonly history: ModelRevision[];
  readonly kept: number[] = [];
  frozenUntilMs: number | null = null;
  keep: ModelKeep | null = null;
  readonly bases = new Map<number, string>();
  readonly parked = new Map<string, ModelParked>();
  readonly proposals = new Map<string, ModelProposal>();
  readonly roles = new Map<number, "read" | "write">();

  constructor(nowMs: number, rules: ModelRules, live: string) {
    this.nowMs = nowMs;
    this.rules = rules;
    this.live = live;
    this.history = [
      { how: "found", author: null, approvedBy: [], reverts: null, text: live, atMs: nowMs },
    ];
  }

  get last(): ModelRevision {
    const last = this.history.at(-1);
    if (last === undefined) throw new Error("history begins with what was found");
    return last;
  }

  isFrozen(): boolean {
    return this.frozenUntilMs !== null && this.frozenUntilMs > this.nowMs;
  }

  standing(): "frozen" | "keep_pending" | undefined {
    if (this.isFrozen()) return "frozen";
    return this.keep === null ? undefined : "keep_pending";
  }

  /** How the gates answer this request now. Under the lock the same bytes are the same bytes, whatever stands in the way. */
  judge({ author, text, agreed, ...origin }: ModelRequest, hasLock = false): Expected {
    if (!isValid(text)) return { kind: "invalid" };
    if (hasLock && text === this.live) return { kind: "unchanged" };
    const standing = this.standing();
    if (standing !== undefined) return { kind: standing };
    if (text === this.live) return { kind: "unchanged" };
    if (this.isStale(author, origin)) return { kind: "stale" };
    return this.ruled(text, agreed);
  }

  private isStale(
    author: number,
    { base, isGiven }: Pick<ModelRequest, "base" | "isGiven">,
  ): boolean {
    if (base === undefined || base === this.live) return false;
    if (!isGiven) return true;
    const index = this.history.findLastIndex(({ text }) => text === base);
    if (index === -1 || this.live !== this.last.text) return true;
    return !this.history.slice(index + 1).every((each) => each.author === author);
  }

  /** Those live at some time in the last 24 hours, oldest first. */
  private lastDay(): readonly ModelRevision[] {
    const before = this.history.findLastIndex(({ atMs }) => atMs <= this.nowMs - dayMs);
    return this.history.slice(Math.max(0, before));
  }

  private ruled(text: string, agreed: readonly number[] | null): Expected {
    const { approval, limited } = this.rules;
    const day = this.lastDay();
    if ((!limited && approval === null) || day.some((each) => each.text === text)) {
      return { kind: "applied" };
    }
    const [to, live, old] = [text, this.live, day[0]?.text ?? this.live].map(numbersOf);
    if (to === undefined || live === undefined || old === undefined) throw new Error("unreadable");
    const isBeyond = (name: Name, far: (one: bigint, other: bigint) => boolean): boolean =>
      limited && to[name] !== live[name] && (far(live[name], to[name]) || far(old[name], to[name]));
    if (isBeyond("fixed", moreThanThreeTimes)) return { kind: "invalid" };
    if (agreed !== null) return { kind: "applied" };
    const beyond = (["maker_percent", "taker_percent"] as const).find((name) =>
      isBeyond(name, moreThanHalf),
    );
    if (approval !== null && (approval.always || beyond !== undefined)) return { kind: "approval" };
    if (beyond === undefined) return { kind: "applied" };
    return { kind: "confirmation", answer: textOf(text, beyond) };
  }

  /** What history, the live file and what waits are after this. */
  ends(request: ModelRequest, expected: Expected, id: string | undefined): void {
    const { author, text, how, agreed } = request;
    const waiting = { how: how === "undo" ? "rollback" : how, author, text, liveText: this.live };
    switch (expected.kind) {
      case "applied":
        this.commit(how, author, text, agreed ?? [], null);
        this.bases.set(author, text);
        return;
      case "unchanged":
        this.bases.set(author, text);
        return;
      case "stale":
        if (id !== undefined) this.park(id, { ...waiting, answer: null, atMs: this.nowMs });
        return;
      case "confirmation":
        if (id === undefined) return;
        this.park(id, { ...waiting, how, answer: expected.answer, atMs: this.nowMs });
        return;
      case "approval": {
        const { approval } = this.rules;
        if (id === undefined || approval === null) return;
        const { needed, by, expiresMs } = approval;
        const untilMs = this.nowMs + expiresMs;
        this.proposals.set(id, { ...waiting, how, needed, by, untilMs, given: [] });
        return;
      }
      default:
    }
  }

  private park(id: string, parked: ModelParked): void {
    this.parked.set(id, parked);
    const theirs = [...this.parked].filter(([, { author }]) => author === parked.author);
    for (const [oldest] of theirs.slice(0, Math.max(0, theirs.length - 10))) {
      this.parked.delete(oldest);
    }
  }

  isTooOld({ atMs }: ModelParked): boolean {
    return this.nowMs - atMs > dayMs;
  }

  private commit(
    how: string,
    author: number | null,
    text: string,
    approvedBy: readonly number[],
    reverts: number | null,
  ): void {
    this.noteEdit();
    const backTo = this.live;
    this.live = text;
    const atMs = Math.max(this.nowMs, this.last.atMs + 1);
    this.history.push({ how, author, approvedBy, reverts, text, atMs });
    const { keepMs } = this.rules;
    if (keepMs === null || how === "reverted") return;
    const untilMs = this.nowMs + keepMs;
    this.keep = { revision: this.history.length, text, backTo, untilMs, extended: 0 };
  }

  /** An edit by hand gets its line. */
  noteEdit(): void {
    if (this.live === this.last.text) return;
    const edit = { how: "edited", author: null, approvedBy: [], reverts: null } as const;
    this.history.push({ ...edit, text: this.live, atMs: this.editedAtMs });
  }

  // ---- what people decide

  mayApprove({ author, by }: ModelProposal, who: number): boolean {
    if (who === author) return false;
    const role = this.roles.get(who);
    return by === null ? role === "write" : role !== undefined && by.includes(who);
  }

  /** Those who have approved it, and still may. */
  stillCount(proposal: ModelProposal): readonly number[] {
    return proposal.given.filter((each) => this.mayApprove(proposal, each));
  }

  approve(id: string, who: number): string {
    const proposal = this.proposals.get(id);
    if (proposal === undefined || proposal.untilMs <= this.nowMs) return "gone";
    if (proposal.author === who) return "own";
    if (!this.mayApprove(proposal, who)) return "not_named";
    if (this.roles.get(proposal.author) !== "write") {
      this.proposals.delete(id);
      return "author_gone";
    }
    if (proposal.given.includes(who)) return "already";
    if (this.standing() !== undefined) return "blocked";
    const given = [...this.stillCount(proposal), who];
    if (given.length < proposal.needed && this.live === proposal.liveText) {
      this.proposals.set(id, { ...proposal, given });
      return "counted";
    }
    this.proposals.delete(id);
    return "tried";
  }

  stay(revision: number): string {
    if (this.keep?.revision !== revision) return "not_pending";
    const isLive = this.live === this.keep.text;
    if (isLive) this.kept.push(revision);
    this.keep = null;
    return isLive ? "done" : "moved";
  }

  back(revision: number, by: number | null): string {
    const { keep } = this;
    if (keep?.revision !== revision) return "not_pending";
    if (by !== null && this.isFrozen()) return "blocked";
    this.keep = null;
    if (this.live !== keep.text) return "moved";
    this.commit("reverted", by, keep.backTo, [], keep.revision);
    return "done";
  }

  longer(revision: number): string {
    const { keep } = this;
    if (keep?.revision !== revision) return "not_pending";
    if (keep.extended >= 3) return "no_more_time";
    if (this.live !== keep.text) {
      this.keep = null;
      return "moved";
    }
    const untilMs = Math.max(keep.untilMs, this.nowMs) + 10 * minuteMs;
    this.keep = { ...keep, untilMs, extended: keep.extended + 1 };
    return "done";
  }

  /** The bot starts: what was edited by hand is noticed, and what is overdue happens. */
  start(): void {
    this.noteEdit();
    const { keep } = this;
    if (keep !== null && keep.text !== this.live) this.keep = null;
    else if (keep !== null && keep.untilMs <= this.nowMs) this.back(keep.revision, null);
    for (const [id, { untilMs }] of this.proposals) {
      if (untilMs <= this.nowMs) this.proposals.delete(id);
    }
  }
}

// ---- numbers, as whole millionths

type Name = "maker_percent" | "taker_percent" | "fixed";

function textOf(file: string, name: Name): string {
  const found = new RegExp(`${name}: ([-0-9.]+)`, "u").exec(file)?.[1];
  if (found === undefined) throw new Error(`no ${name} in ${file}`);
  return found;
}

function numbersOf(file: string): Readonly<Record<Name, bigint>> {
  const millionths = (name: Name): bigint => {
    const [whole = "", fraction = ""] = textOf(file, name).split(".");
    return BigInt(whole + fraction.padEnd(6, "0"));
  };
  return {
    maker_percent: millionths("maker_percent"),
    taker_percent: millionths("taker_percent"),
    fixed: millionths("fixed"),
  };
}

function isValid(file: string): boolean {
  const { maker_percent: maker, taker_percent: taker } = numbersOf(file);
  return maker <= 100_000_000n && taker <= 100_000_000n;
}

function moreThanHalf(from: bigint, to: bigint): boolean {
  if (from === to) return false;
  if (from === 0n || to === 0n) return true;
  const moved = from < to ? to - from : from - to;
  return moved * 2n > from;
}

function moreThanThreeTimes(from: bigint, to: bigint): boolean {
  if (from === to) return false;
  return from === 0n || to === 0n || to > from * 3n || from > to * 3n;
}
