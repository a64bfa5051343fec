// What the bot has around it: where it keeps things, who watches it, how commands on this machine reach it. Alone on its machine all of
// that lasts as long as the bot; as one of several, longer than the times in which it is the one that answers.
import type { Check } from "./metrics/readiness.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { Watched } from "./metrics/watched.ts";
import type { Config } from "./model/config.ts";
import type { PollingTrouble } from "./model/polling-trouble.ts";
import type { BotControl } from "./shell/hold-as-bot.ts";
import type { Leadership } from "./telegram/bot.ts";
import type { Backing, Clean, ReportTrouble } from "./store/backing.ts";

export interface Around {
  /** @throws where it cannot be used */
  openBacking(clean: Clean, report: ReportTrouble): Promise<Backing>;
  /** Called once all configs are open. */
  onOpened(report: ReportTrouble): Promise<void>;
  /** @returns what must be well for the bot to work, with these configs, which are open */
  checks(
    pollingTrouble: () => PollingTrouble | undefined,
  ): (configs: readonly Config[]) => readonly Check[];
  readonly metrics: Metrics;
  /** From now on this is answered. */
  watch(watched: Watched): Promise<void>;
  readonly control: BotControl;
  /** Where it is one of several; undefined where it is the only one. */
  readonly leading: Leadership | undefined;
  /** Resolves when nobody is answered any more. */
  close(): Promise<void>;
}
