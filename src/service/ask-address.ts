// Asks a service over HTTP, with limits: a time, a bounded answer, no redirect to another host.

const redirectsMax = 5;
/** Of what is longer the beginning counts. */
const answerBytesMax = 1024 * 1024;

export type AddressAnswer =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: Headers;
      /** Its first {@link answerBytesMax} bytes. */
      readonly text: string;
    }
  /** It sent the request to another host. */
  | { readonly kind: "sent_away" }
  | { readonly kind: "too_slow" }
  /** No answer came, or it broke off. */
  | { readonly kind: "unreachable" }
  /** It was not wanted any more. */
  | { readonly kind: "stopped" };

export interface AddressLimits {
  /** From now to the end of the answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** @param url - http or https */
export async function askAddress(
  url: string,
  { timeoutMs, signal }: AddressLimits,
): Promise<AddressAnswer> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  const stop = (): void => limit.abort();
  signal.addEventListener("abort", stop);
  try {
    if (signal.aborted) return { kind: "stopped" };
    return await follow(new URL(url), limit.signal);
  } catch {
    // Whatever fetch fails of, no answer came: a proof asks again, and says so in the end.
    if (signal.aborted) return { kind: "stopped" };
    return { kind: limit.signal.aborted ? "too_slow" : "unreachable" };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

async function follow(first: URL, signal: AbortSignal): Promise<AddressAnswer> {
  let url = first;
  for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
    const answer = await fetch(url, { signal, redirect: "manual", headers: { accept: "*/*" } });
    const location = answer.headers.get("location");
    if (!isRedirect(answer.status) || location === null) {
      const { status, headers } = answer;
      return { kind: "answered", status, headers, text: await beginningOf(answer) };
    }
    await answer.body?.cancel();
    const next = new URL(location, url);
    if (next.hostname !== first.hostname) return { kind: "sent_away" };
    url = next;
  }
  return { kind: "sent_away" };
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return "";
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop ends the answer.
  for await (const part of body) {
    parts.push(part);
    bytes += part.length;
    if (bytes >= answerBytesMax) break;
  }
  return Buffer.concat(parts).subarray(0, answerBytesMax).toString("utf8");
}
