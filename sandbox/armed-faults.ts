// Faults of the sandbox's Telegram that wait for the call that they spoil.
import type { FaultHandle, FaultPlan } from "./bot-api/faults.ts";
import type { TelegramServer } from "./bot-api/telegram-server.ts";

const slowDownloadMs = 4000;
const retryAfterSeconds = 2;

export const faultNames = ["slow_download", "too_many", "server_error", "lost_answer"] as const;
type FaultName = (typeof faultNames)[number];

export interface ArmedFaults {
  readonly waiting: readonly FaultName[];
  arm(name: FaultName): void;
  /** Takes all of them back. */
  disarm(): void;
}

export function createArmedFaults(
  telegram: Pick<TelegramServer, "fault">,
  onChange: () => void,
): ArmedFaults {
  const armed = new Map<FaultHandle, FaultName>();

  async function forgetWhenReached(handle: FaultHandle): Promise<void> {
    await handle.reached;
    armed.delete(handle);
    onChange();
  }

  return {
    get waiting() {
      return [...armed.values()];
    },
    arm(name) {
      const handle = telegram.fault(faultPlan(name));
      armed.set(handle, name);
      onChange();
      void forgetWhenReached(handle);
    },
    disarm() {
      for (const handle of armed.keys()) handle.remove();
      armed.clear();
      onChange();
    },
  };
}

function faultPlan(name: FaultName): FaultPlan {
  // The long poll is always under way; a fault there would be seen by nobody.
  const when = ({ method }: { readonly method: string }): boolean => method !== "getUpdates";
  switch (name) {
    case "slow_download":
      return { method: "download", kind: "delay", delayMs: slowDownloadMs, times: 1 };
    case "too_many":
      return { method: "*", when, kind: "too_many", retryAfterSeconds, times: 1 };
    case "server_error":
      return {
        method: "*",
        when,
        kind: "refuse",
        code: 500,
        description: "Internal Server Error",
        times: 1,
      };
    case "lost_answer":
      return { method: "*", when, kind: "reset", effect: "after", times: 1 };
    default:
      return name satisfies never;
  }
}
