// What a store of several machines has to say for itself: that it does not answer.
import { clock, type Spoken, t } from "./line.ts";

/** @param asOf - when it was live for certain, ISO 8601 */
export function liveAsOf(asOf: string): Spoken {
  return {
    en: t`The store does not answer; this was live at ${clock(asOf)}.`,
    ru: t`Хранилище не отвечает; это действовало в ${clock(asOf)}.`,
  };
}
