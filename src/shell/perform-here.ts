// Carries out a change without a bot, on the same write path. The caller holds STATE_DIR. The admins on Telegram are told of it
// when the bot starts: the journal keeps it for that.
import type { ParkedChanges } from "../change/parked-changes.ts";
import type { Proposals } from "../change/proposals.ts";
import type { UploadContext } from "../change/upload-job.ts";
import type { Uploads } from "../change/uploads.ts";
import type { Config } from "../model/config.ts";
import type { ChangeSettings } from "../settings/command-settings.ts";
import type { ConfigStore } from "../store/port.ts";
import { keepNeedsBot } from "../words/keep-words.ts";
import { createPerform } from "./perform-request.ts";
import type { ControlAnswer, ControlRequest } from "./protocol.ts";

/** Where no bot ever starts, the journal must not grow for ever. */
const untoldChangesMax = 100;

/** One config, opened to be changed here. */
interface OpenedHere {
  readonly live: ConfigStore;
  readonly uploads: Uploads;
  readonly parked: ParkedChanges;
  readonly proposals: Proposals;
  /** Changes that nobody was told of yet. */
  readonly untold: number;
  close(): Promise<void>;
}

export type OpenHere = (
  config: Config,
  settings: ChangeSettings,
  listener: Pick<UploadContext, "onEvent" | "onEnded" | "onBug">,
) => Promise<OpenedHere>;

/** @throws what the disk refuses */
export async function performHere(
  request: ControlRequest,
  config: Config,
  settings: ChangeSettings,
  openHere: OpenHere,
): Promise<ControlAnswer> {
  if (config.rules.keepMs !== null) return { answer: "refused", text: keepNeedsBot(config) };
  let bug: unknown;
  let ended: () => void = () => {};
  const allEnded = new Promise<void>((resolve) => {
    ended = resolve;
  });
  let began = false;
  const here = await openHere(config, settings, {
    onEvent: (event) => {
      began ||= event.kind === "began";
    },
    onEnded(_author, _config, outcome) {
      ended();
      const isNews = outcome.kind === "applied" || outcome.kind === "reverted";
      return !isNews || here.untold >= untoldChangesMax;
    },
    onBug: (error) => {
      bug = error;
    },
  });
  const answer = await createPerform({
    lives: () => [here.live],
    uploads: here.uploads,
    parked: here.parked,
    proposals: here.proposals,
    asksPeople: false,
    uploadBytesMax: settings.uploadBytesMax,
  })(request);
  if (began) await allEnded;
  await here.close();
  if (bug !== undefined) throw new Error("a bug ended the change", { cause: bug });
  return answer;
}
