// How far a download or a check is that takes long.
import type { Work } from "../model/upload-event.ts";
import { duration, size } from "./numbers.ts";
import { type Spoken, t } from "./line.ts";

/** @param durationMs - since this work began */
export function workLine(work: Work, durationMs: number): Spoken {
  // To the nearest second: a timer of two seconds may end a moment before they are over.
  const time = duration(Math.round(durationMs / 1000) * 1000);
  if (work.kind === "check") {
    return { en: t`Still checking after ${time}.`, ru: t`Проверка идёт уже ${time}.` };
  }
  const arrived = size(work.arrivedBytes);
  if (work.sizeBytes === undefined) {
    return { en: t`Downloaded ${arrived} in ${time}.`, ru: t`Загружено ${arrived} за ${time}.` };
  }
  const whole = size(work.sizeBytes);
  return {
    en: t`Downloaded ${arrived} of ${whole} in ${time}.`,
    ru: t`Загружено ${arrived} из ${whole} за ${time}.`,
  };
}
