// Why no updates arrive from Telegram at the moment.

export type PollingTrouble =
  | "starting"
  | "no_answer_yet"
  /** Those that were handled before, and nothing else. */
  | "same_updates"
  | "webhook"
  | "other_bot"
  | "refused"
  /** Something answers, and not as Telegram does. */
  | "not_telegram"
  | "unreachable";
