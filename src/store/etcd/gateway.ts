// etcd's JSON gateway: several endpoints, of which the one that answered last is asked first. Says of what fails whether it may have
// been done all the same. What the requests mean is told in kv.ts.
import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { keepsOut, Refusal, type Trouble } from "../../model/trouble.ts";
import { accountTrouble, distrustIn } from "./kept-out.ts";
import { createPoster, type PostEnd } from "./post.ts";
import { jsonOf } from "../../model/json.ts";

/** A request to one endpoint, the first time; a healthy node answers within milliseconds. */
const firstTryMsStandard = 2000;
/** Twice as long in each round over all endpoints, up to this: a slow store must get through at last, and one that hangs holds up nobody for long. */
const tryMsMax = 5000;
/** Between two rounds over all endpoints. */
const roundPauseMs = 200;
/** And after this where nothing at all was answered for as long: whoever asks while etcd is away is told soon. */
const answerWithinMsWhileAway = 2000;
/** Whatever is asked fails after this where no endpoint answers: twice what etcd needs for electing a leader and some more. */
const answerWithinMs = 12_000;

export interface GatewayOptions {
  /** `http://127.0.0.1:2379`; at least one. */
  readonly endpoints: readonly URL[];
  readonly user?: { readonly name: string; readonly password: string } | undefined;
  /** PEM. */
  readonly ca?: string | undefined;
  /** How long an endpoint is waited for before the next one is asked, in the first round over all of them. */
  readonly firstTryMs?: number;
  /** Told when an endpoint stops answering as it should. */
  readonly report: (what: string, error: unknown) => void;
}

export interface CallOptions {
  /** Ends the asking. */
  readonly signal?: AbortSignal | undefined;
  /** How long to ask, at the most; where that is not said, some seconds more than an election takes. Less while etcd is away. */
  readonly withinMs?: number;
  /** Once the request may have reached etcd, ask until it answers, however long that takes. */
  readonly settles?: boolean;
}

export interface Gateway {
  /** When etcd last answered, by the clock of performance.now(); negative infinity where it never did. */
  readonly answeredAtMs: number;
  /** Why etcd lets nobody in with these settings; undefined where it did the last time. */
  readonly keptOut: Trouble | undefined;
  /**
   * Asks one endpoint after another until one answers. The request may be carried out more than once, and also where this throws: save
   * for one that `settles`, which then certainly never is.
   * @throws Refusal where no endpoint answers in time, and where etcd will not do it
   */
  call<T>(path: string, body: object, answer: z.ZodType<T>, options?: CallOptions): Promise<T>;
  /** Lines of an endless answer to these requests; @throws where the endpoint gives none. The next call asks another endpoint. */
  stream(path: string, requests: readonly object[], signal: AbortSignal): Promise<IncomingMessage>;
  close(): void;
}

/** etcd will not do this, and did not. */
class EtcdRefused extends Refusal {
  constructor(text: string) {
    super(
      text.includes("space exceeded")
        ? { code: "store_full" }
        : (accountTrouble(text) ?? { code: "store_refused", params: { text } }),
    );
  }
}

/** gRPC's codes of what asking again does not change: https://grpc.io/docs/guides/status-codes/ */
const finalCodes: ReadonlySet<number> = new Set([3, 5, 7, 9, 11, 12]);
const unauthenticatedCode = 16;
const textCharsMax = 200;

const errorSchema = z.object({ message: z.string(), code: z.int() });
const tokenSchema = z.object({ token: z.string().min(1) });
const authenticatePath = "/v3/auth/authenticate";

type Judged<T> =
  | { readonly kind: "answer"; readonly value: T }
  | { readonly kind: "refused"; readonly code: number; readonly text: string }
  | { readonly kind: "unusable"; readonly mayHaveArrived: boolean; readonly cause: unknown };

export function createGateway({
  endpoints,
  user,
  ca,
  firstTryMs = firstTryMsStandard,
  report,
}: GatewayOptions): Gateway {
  const poster = createPoster(ca);
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  let keptOut: Trouble | undefined;
  /** Since when nothing is answered that was asked; by the clock of performance.now(). */
  let silentSinceMs: number | undefined;
  let preferred = 0;
  let streamed = 0;
  let token: Promise<string | undefined> | undefined;

  function endpoint(index: number): URL {
    const url = endpoints[index % endpoints.length];
    if (url === undefined) throw new Error("etcd without an endpoint");
    return url;
  }

  /** What is not remembered where it fails. */
  function currentToken(): Promise<string | undefined> {
    if (user === undefined) return Promise.resolve(undefined);
    token ??= authenticate().catch((error: unknown) => {
      token = undefined;
      throw error;
    });
    return token;
  }

  async function authenticate(): Promise<string | undefined> {
    try {
      return (await ask(authenticatePath, JSON.stringify(user), tokenSchema, {})).token;
    } catch (error) {
      // Accounts that etcd does not ask for do no harm.
      if (error instanceof EtcdRefused && /is not enabled/.test(error.message)) return undefined;
      throw error;
    }
  }

  async function ask<T>(
    path: string,
    body: string,
    answer: z.ZodType<T>,
    { signal, settles = false, withinMs = answerWithinMs }: CallOptions,
  ): Promise<T> {
    const startedMs = performance.now();
    let mayHaveArrived = false;
    let renewed = false;
    let cause: unknown;
    /** Of one round over all endpoints. */
    const distrusts: Trouble[] = [];
    for (let tries = 0; ;) {
      const leftMs =
        settles && mayHaveArrived
          ? tryMsMax
          : lastMs(startedMs, withinMs, silentSinceMs) - performance.now();
      if (leftMs <= 0 || signal?.aborted === true) {
        throw new Refusal({ code: "store_no_majority" }, { cause: cause ?? signal?.reason });
      }
      const index = preferred;
      const used = path === authenticatePath ? undefined : currentToken();
      const round = Math.floor(tries / endpoints.length);
      const timeoutMs = Math.min(leftMs, tryMsMax, firstTryMs * 2 ** round);
      let end: Judged<T>;
      try {
        const options = { timeoutMs, signal, token: await used };
        end = judged(await poster.post(new URL(path, endpoint(index)), body, options), answer);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        // There is no token to be had. What was sent before still wants to be settled.
        if (!(settles && mayHaveArrived)) throw error;
        end = { kind: "unusable", mayHaveArrived: false, cause: error };
      }
      if (end.kind === "answer") {
        answeredAtMs = performance.now();
        silentSinceMs = undefined;
        if (path !== authenticatePath) keptOut = undefined;
        return end.value;
      }
      if (end.kind === "refused") {
        if (user !== undefined && path !== authenticatePath && !renewed && isTokenRefused(end)) {
          renewed = true;
          if (token === used) token = undefined;
          continue;
        }
        // What was sent before may still be carried out: that this one was not says nothing of it.
        if (!(settles && mayHaveArrived)) throw new EtcdRefused(end.text);
        cause = new EtcdRefused(end.text);
      } else {
        silentSinceMs ??= performance.now();
        mayHaveArrived ||= end.mayHaveArrived;
        cause = end.cause;
        const why = distrustIn(cause);
        if (why !== undefined) distrusts.push({ code: "store_not_trusted", params: { why } });
      }
      tries += 1;
      if (preferred === index) {
        preferred = (index + 1) % endpoints.length;
        report(`asking etcd at ${endpoint(index).host}`, cause);
      }
      if (tries % endpoints.length > 0) continue;
      const [distrust] = distrusts;
      // Asking again changes nothing, unless there is one that may be trusted.
      if (distrust !== undefined && distrusts.length === endpoints.length && !mayHaveArrived) {
        throw new Refusal(distrust, { cause });
      }
      distrusts.length = 0;
      await sleep(roundPauseMs);
    }
  }

  return {
    get answeredAtMs() {
      return answeredAtMs;
    },
    get keptOut() {
      return keptOut;
    },
    async call(path, body, answer, options = {}) {
      try {
        return await ask(path, JSON.stringify(body), answer, options);
      } catch (error) {
        if (error instanceof Refusal && keepsOut(error.trouble)) keptOut = error.trouble;
        throw error;
      }
    },
    async stream(path, requests, signal) {
      streamed += 1;
      const body = requests.map((request) => JSON.stringify(request)).join("\n");
      return poster.stream(new URL(path, endpoint(streamed)), body, {
        timeoutMs: firstTryMs,
        signal,
        token: await currentToken(),
      });
    },
    close: () => poster.close(),
  };
}

/** Until when to ask. */
function lastMs(startedMs: number, withinMs: number, silentSinceMs: number | undefined): number {
  const goneMs = (silentSinceMs ?? Number.POSITIVE_INFINITY) + answerWithinMs;
  return Math.min(startedMs + withinMs, Math.max(startedMs + answerWithinMsWhileAway, goneMs));
}

/** A token ends after some minutes, with the node that gave it, and with every change of users and roles. */
function isTokenRefused({ code, text }: { readonly code: number; readonly text: string }): boolean {
  return (
    code === unauthenticatedCode ||
    /revision of auth store is old/.test(text) ||
    /user name is empty/.test(text)
  );
}

function judged<T>(end: PostEnd, answer: z.ZodType<T>): Judged<T> {
  if (end.kind === "unanswered") return { ...end, kind: "unusable" };
  const { status, text } = end;
  const value = jsonOf(text);
  if (status === 200) {
    const read = answer.safeParse(value);
    if (read.success) return { kind: "answer", value: read.data };
    return { kind: "unusable", mayHaveArrived: true, cause: read.error };
  }
  const error = errorSchema.safeParse(value).data;
  const said = error?.message ?? text;
  const short = said.slice(0, textCharsMax);
  const isFinal =
    error !== undefined &&
    (finalCodes.has(error.code) ||
      error.code === unauthenticatedCode ||
      said.includes("space exceeded"));
  if (isFinal) return { kind: "refused", code: error.code, text: short };
  return { kind: "unusable", mayHaveArrived: true, cause: new Error(`status ${status}: ${short}`) };
}
