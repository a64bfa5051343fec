// What an API method is to this server: a function from the world and the call's parameters to the result.
import type { RequestParams } from "./request-params.ts";
import type { World } from "./world.ts";

/** One call: `signal` ends when the caller hangs up. */
export interface ApiCall {
  readonly world: World;
  readonly params: RequestParams;
  readonly signal: AbortSignal;
}

/** Answers one call with its `result`, or throws a refusal. */
export type ApiMethod = (call: ApiCall) => unknown;
