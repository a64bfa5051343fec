// What the bot says in the sandbox, as its page hears it.
import { onTestFinished } from "vitest";

/** @param address - of the sandbox */
export async function hearBot(address: string): Promise<{
  /** Waits until the bot has said it, now or before. */
  readonly said: (text: string) => Promise<void>;
}> {
  const ending = new AbortController();
  const response = await fetch(`${address}/api/events`, { signal: ending.signal });
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error("the sandbox sends no events");
  const decoder = new TextDecoder();
  let heard = "";
  onTestFinished(() => ending.abort());
  return {
    async said(text) {
      const wanted = JSON.stringify(text).slice(1, -1);
      while (!heard.includes(wanted)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`the bot never said ${text}`);
        heard += decoder.decode(value, { stream: true });
      }
    },
  };
}
