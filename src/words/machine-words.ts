// What is said of the machines that follow a store: how far a revision has come over them, and edits by hand on one. The lines with
// `Live on` and the machines' names are promised; change none of them.
import type { Spread, StandingProblem } from "../model/machine.ts";
import { code, countEn, formRu, type Line, type Spoken, t } from "./line.ts";
import { andMore, duration } from "./numbers.ts";
import type { Text } from "./text.ts";

const machinesListedMax = 10;

/** After the machine's name. */
export const machineProblemLines: Readonly<Record<StandingProblem, Spoken>> = {
  not_taken: { en: "the service did not take it", ru: "сервис не принял файл" },
  not_valid: { en: "the file is not valid there", ru: "там этот файл не проходит проверку" },
  not_written: { en: "the file could not be written there", ru: "там файл не удалось записать" },
  name_shared: {
    en: "two machines report under this name",
    ru: "под этим именем работают две машины",
  },
  store_behind: {
    en: "it has a newer revision than the store",
    ru: "там ревизия новее, чем в хранилище",
  },
};

/** `web-2: the service did not take it`. */
export function machineLine(name: string, why: Spoken): Spoken {
  return { en: t`${code(name)}: ${why}`, ru: t`${code(name)}: ${why}` };
}

/**
 * `Live on 2 of 3 machines.`, and what keeps the others.
 * @param isEarly - those that are on their way are not named yet
 */
export function spreadLines({ live, all, others }: Spread, isEarly: boolean): readonly Line[] {
  if (all === 0) return [];
  const named = others.flatMap((standing): Spoken[] => {
    const { name, state, problem, silentMs } = standing;
    if (state === "unseen") {
      const { en, ru } = duration(silentMs);
      return [machineLine(name, { en: `not seen for ${en}`, ru: `нет связи ${ru}` })];
    }
    if (problem !== null) return [machineLine(name, machineProblemLines[problem])];
    return isEarly
      ? []
      : [machineLine(name, { en: "not live there yet", ru: "там ещё не действует" })];
  });
  const rest = named.length - machinesListedMax;
  return [
    {
      en: `Live on ${live} of ${countEn(all, "machine")}.`,
      ru: `Действует на ${live} из ${all} ${formRu(all, "машины", "машин", "машин")}.`,
    },
    ...named.slice(0, machinesListedMax),
    ...(rest > 0 ? [andMore(rest)] : []),
  ];
}

/** For those who may write it. @param backup - the file in BACKUP_DIR there that holds the edit */
export function editedOnMachine(fileName: string, machine: string, backup: string | null): Text {
  return [
    {
      en: t`✏️ ${code(fileName)} was changed on ${machine}.`,
      ru: t`✏️ ${code(fileName)} изменили на ${machine}.`,
    },
    {
      en: "The store's version is back in place there.",
      ru: "Там снова стоит версия из хранилища.",
    },
    ...(backup === null
      ? []
      : [
          {
            en: t`The edit is kept there as ${code(backup)}.`,
            ru: t`Правка сохранена там как ${code(backup)}.`,
          },
        ]),
  ];
}
