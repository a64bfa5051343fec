// Trouble on request: what goes wrong with which calls, before or after they have taken effect.
import { setTimeout as sleep } from "node:timers/promises";
import type { ResponseParameters } from "grammy/types";
import { Refusal } from "./refusal.ts";

/**
 * An answer that is none of Telegram's, as a proxy may give it. `ending`: whether the body arrives whole (the default), or
 * after its first half the connection is cut, or nothing more comes. `raw` is sent as it stands, without HTTP around it.
 */
export type OddAnswer =
  | {
      readonly kind: "instead";
      /** Default 200. */
      readonly status?: number;
      readonly contentType: string;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly ending?: "whole" | "cut" | "stalled";
    }
  | { readonly kind: "raw"; readonly bytes: string };

/** What can go wrong with any call. `reset` cuts the connection, `hang` never answers, `gate` waits to be opened. */
type CallFault =
  | OddAnswer
  | {
      readonly kind: "refuse";
      readonly code: number;
      readonly description: string;
      readonly parameters?: ResponseParameters;
    }
  | { readonly kind: "too_many"; readonly retryAfterSeconds: number }
  | { readonly kind: "delay"; readonly delayMs: number }
  | { readonly kind: "hang" }
  | { readonly kind: "reset" }
  | { readonly kind: "gate" };

/** What can go wrong with the bytes of a download. `declared` is what Content-Length tells; what stalls goes on when it is opened. */
type BodyFault =
  | {
      readonly kind: "cut";
      readonly afterBytes: number;
      readonly declared: "whole" | "sent" | "nothing";
    }
  | { readonly kind: "stall"; readonly afterBytes: number };

/** A fault that has befallen a download; `opened` resolves when it may go on. */
export type StruckBody = BodyFault & { readonly opened: Promise<void> };

/** Which calls a fault befalls. */
interface FaultTarget {
  /** A method's name, `download`, or `*` for everything. */
  readonly method: string;
  /** Default: every call of the method. */
  readonly when?: (request: FaultyRequest) => boolean;
  /** How many calls, minimum 1. Default: all until {@link FaultHandle.remove}. */
  readonly times?: number;
  /** Whether the call has taken effect when the fault comes. Default `before`. */
  readonly effect?: "before" | "after";
}

export type FaultPlan = FaultTarget & (CallFault | BodyFault);

/** The call that a fault may befall. */
export interface FaultyRequest {
  readonly method: string;
  /** Undefined where the call names no chat by number. */
  readonly chatId: number | undefined;
  /** As in the request log; a download has its `path`. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** One fault in force. */
export interface FaultHandle {
  /** Ends it; whoever waits at its gate goes on. Harmless when called twice. */
  remove(): void;
  /** Opens a gate for good. */
  open(): void;
  /** Resolves when the first call was hit: at a gate, when it waits there. */
  readonly reached: Promise<void>;
  /** How many calls it has hit so far. */
  readonly hits: number;
}

class Fault implements FaultHandle {
  readonly plan: FaultPlan;
  readonly reached: Promise<void>;
  readonly opened: Promise<void>;
  hits = 0;
  readonly #onRemove: (fault: Fault) => void;
  #markReached: () => void = () => {};
  #markOpened: () => void = () => {};

  constructor(plan: FaultPlan, onRemove: (fault: Fault) => void) {
    this.plan = plan;
    this.#onRemove = onRemove;
    this.reached = new Promise((resolve) => {
      this.#markReached = resolve;
    });
    this.opened = new Promise((resolve) => {
      this.#markOpened = resolve;
    });
  }

  matches(request: FaultyRequest): boolean {
    const { method, when, times } = this.plan;
    return (
      (method === "*" || method.toLowerCase() === request.method.toLowerCase()) &&
      this.hits < (times ?? Number.POSITIVE_INFINITY) &&
      (when?.(request) ?? true)
    );
  }

  hit(): void {
    this.hits += 1;
    this.#markReached();
  }

  open(): void {
    this.remove();
  }

  remove(): void {
    this.#markOpened();
    this.#onRemove(this);
  }
}

/** All faults in force, in the order in which they were asked for. */
export class Faults {
  readonly #faults = new Set<Fault>();

  add(plan: FaultPlan): FaultHandle {
    const fault = new Fault(plan, (removed) => this.#faults.delete(removed));
    this.#faults.add(fault);
    return fault;
  }

  /**
   * Does to the call what was asked for at this point, one fault after the other. A call that waited at a gate or for
   * a delay goes on afterwards, even when its caller has hung up meanwhile.
   * @param closed - ends all waiting
   * @returns `dropped` when the connection must be cut without an answer, or what must be answered instead
   * @throws the refusal that was asked for
   */
  async strike(
    effect: "before" | "after",
    request: FaultyRequest,
    closed: AbortSignal,
  ): Promise<"go_on" | "dropped" | OddAnswer> {
    for (const fault of this.#faults) {
      const { plan } = fault;
      if ((plan.effect ?? "before") !== effect || isBodyFault(plan) || !fault.matches(request)) {
        continue;
      }
      fault.hit();
      switch (plan.kind) {
        case "refuse":
          throw new Refusal(plan.code, plan.description, plan.parameters);
        case "too_many":
          throw new Refusal(429, `Too Many Requests: retry after ${plan.retryAfterSeconds}`, {
            retry_after: plan.retryAfterSeconds,
          });
        case "delay":
          await settledOrEnded(sleep(plan.delayMs), closed);
          break;
        case "gate":
          await settledOrEnded(fault.opened, closed);
          break;
        case "hang":
          await settledOrEnded(new Promise(() => {}), closed);
          return "dropped";
        case "reset":
          return "dropped";
        case "instead":
        case "raw":
          return plan;
        default:
          return plan satisfies never;
      }
    }
    return closed.aborted ? "dropped" : "go_on";
  }

  /** What must be done to the bytes of this download, if anything. */
  body(request: FaultyRequest): StruckBody | undefined {
    for (const fault of this.#faults) {
      if (isBodyFault(fault.plan) && fault.matches(request)) {
        fault.hit();
        return { ...fault.plan, opened: fault.opened };
      }
    }
    return undefined;
  }
}

function isBodyFault(plan: FaultPlan): plan is FaultTarget & BodyFault {
  return ["cut", "stall"].includes(plan.kind);
}

async function settledOrEnded(settled: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  signal.addEventListener("abort", end);
  await Promise.race([settled, ended]);
  signal.removeEventListener("abort", end);
}
