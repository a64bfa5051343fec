// Tells a service of a new version and has it prove that it runs with it: the command of its config's `apply`, then `verify` every second
// until its time is over. A command that ends well proves nothing; without `verify` the service was told, and no more.
import { pause } from "../model/pause.ts";
import type { Apply } from "../model/rules.ts";
import type { ServedVersion, ServiceProof } from "../model/service-proof.ts";
import { askForProof, tellService } from "./ask-service.ts";

const askEveryMs = 1000;
/** The last question has at least so long, however late the command ended. */
const lastAskMs = 1000;

/**
 * Both within `apply.withinMs`, but for the ending of a program that takes longer.
 * @param signal - ends it
 * @returns `stopped` where `signal` was aborted before it was known
 */
export async function proveService(
  apply: Apply,
  version: ServedVersion,
  signal: AbortSignal,
): Promise<ServiceProof | { readonly kind: "stopped" }> {
  const untilMs = performance.now() + apply.withinMs;
  const timeoutMs = apply.withinMs;
  const told = await tellService(apply.run, version, { timeoutMs, signal });
  if (told === "stopped") return { kind: "stopped" };
  if (told !== "done") return { kind: "refused", fault: told };
  if (apply.verify === null) return { kind: "told" };
  for (;;) {
    const askedMs = performance.now();
    const leftMs = Math.max(untilMs - askedMs, lastAskMs);
    const answer = await askForProof(apply.verify, version, { timeoutMs: leftMs, signal });
    if (answer === "stopped") return { kind: "stopped" };
    if (answer === "done") return { kind: "proven" };
    if (performance.now() >= untilMs) return { kind: "refused", fault: answer };
    // Once more at the very end.
    const leftToNextMs = Math.min(askedMs + askEveryMs, untilMs) - performance.now();
    await pause(leftToNextMs, signal);
  }
}
