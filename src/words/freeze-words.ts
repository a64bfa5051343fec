// What is said of a config that is frozen, beside the outcome of a change that it refuses (outcome-words.ts).
import type { Config } from "../model/config.ts";
import type { Author } from "../model/revision.ts";
import { code, type Phrase, type Spoken, t, time } from "./line.ts";
import { momentRefusal } from "./moment-words.ts";
import type { Text } from "./text.ts";

/** A freeze, as it is told. */
interface ToldFreeze {
  readonly by: Author;
  /** ISO 8601; null without an end. */
  readonly until: string | null;
  readonly reason: string | null;
}

/** ` until 2026-11-24 08:00:00 UTC`; nothing without an end. */
export function untilText(until: string | null): Phrase {
  return until === null ? "" : { en: t` until ${time(until)}`, ru: t` до ${time(until)}` };
}

/** ` Reason: …` as lines of their own. */
export function reasonLines(reason: string | null): readonly Spoken[] {
  return reason === null ? [] : [{ en: t`Reason: ${reason}`, ru: t`Причина: ${reason}` }];
}

/**
 * For whoever froze it.
 * @param replaced - the freeze that was in force until then
 * @param savedBy - who is saving it at this moment
 */
export function frozenNow(
  { id, fileName }: Config,
  { until, reason }: ToldFreeze,
  { replaced, savedBy }: { readonly replaced?: ToldFreeze; readonly savedBy?: Author },
): Text {
  return [
    {
      en: t`❄️ ${code(fileName)} is frozen${untilText(until)}.`,
      ru: t`❄️ ${code(fileName)} заморожен${untilText(until)}.`,
    },
    ...reasonLines(reason),
    ...(replaced === undefined ? [] : [replacesFreeze(replaced)]),
    ...(savedBy === undefined
      ? []
      : [
          {
            en: t`${savedBy.name} was already saving it: that change still goes through.`,
            ru: t`${savedBy.name} уже сохраняет файл: это изменение ещё пройдёт.`,
          },
        ]),
    until === null
      ? {
          en: t`Nobody can change it here until somebody sends /unfreeze_${id}.`,
          ru: t`Изменить его здесь нельзя, пока кто-нибудь не отправит /unfreeze_${id}.`,
        }
      : {
          en: t`Until then nobody can change it here, unless somebody sends /unfreeze_${id}.`,
          ru: t`До этого изменить его здесь нельзя, разве что кто-нибудь отправит /unfreeze_${id}.`,
        },
  ];
}

function replacesFreeze({ by, until }: ToldFreeze): Spoken {
  return {
    en: t`This replaces ${by.name}'s freeze${untilText(until)}.`,
    ru: t`Прежняя заморозка${untilText(until)} (${by.name}) больше не действует.`,
  };
}

/** For the others who may read it. */
export function frozenNotice({ fileName }: Config, { by, until, reason }: ToldFreeze): Text {
  return [
    {
      en: t`❄️ ${by.name} froze ${code(fileName)}${untilText(until)}.`,
      ru: t`❄️ ${code(fileName)} заморожен${untilText(until)} (${by.name}).`,
    },
    ...reasonLines(reason),
  ];
}

/** For whoever ended it. */
export function unfrozenNow({ fileName }: Config, { by, until }: ToldFreeze): Spoken {
  return {
    en: t`${code(fileName)} can be changed again. It was frozen by ${by.name}${untilText(until)}.`,
    ru: t`${code(fileName)} снова можно менять. Был заморожен${untilText(until)} (${by.name}).`,
  };
}

/** For the others who may read it. */
export function unfrozenNotice({ fileName }: Config, by: Author): Spoken {
  return {
    en: t`🔔 ${by.name} unfroze ${code(fileName)}. It can be changed again.`,
    ru: t`🔔 ${code(fileName)} разморожен (${by.name}). Его снова можно менять.`,
  };
}

export function notFrozen({ fileName }: Config): Spoken {
  return {
    en: t`${code(fileName)} is not frozen. Nothing to do.`,
    ru: t`${code(fileName)} не заморожен. Делать ничего не нужно.`,
  };
}

/** For `/status`. */
export function frozenStatus({ by, until, reason }: ToldFreeze): Spoken {
  const why = reason === null ? "" : t`: ${reason}`;
  return {
    en: t`frozen by ${by.name}${untilText(until)}${why}`,
    ru: t`заморожен${untilText(until)} (${by.name})${why}`,
  };
}

/** @param end - what is wrong with the time that it was to end at: `word`, read in `zone` */
export function freezeRefused(
  { id, fileName }: Config,
  end: Parameters<typeof momentRefusal>[0],
  word: string,
  zone: string,
): Text {
  const refusal = momentRefusal(end, word, zone);
  return [
    {
      en: t`${code(fileName)} was not frozen. ${refusal}`,
      ru: t`${code(fileName)} не заморожен. ${refusal}`,
    },
    {
      en: t`/freeze_${id} 2h (or 30m, 7d) freezes it for that long, /freeze_${id} alone until somebody unfreezes it.`,
      ru: t`/freeze_${id} 2h (или 30m, 7d) заморозит на это время, /freeze_${id} без времени — до /unfreeze_${id}.`,
    },
  ];
}
