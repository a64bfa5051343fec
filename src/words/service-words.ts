// What is said of the service that reads a config: whether it took a change. The lines that name the service are promised; change none of them.
import type { Comparison } from "../model/comparison.ts";
import type { RevertedOutcome } from "../model/outcome.ts";
import type { Author, Revision } from "../model/revision.ts";
import type { ServiceFault, ServiceState, Stays, Taken } from "../model/service-proof.ts";
import { comparisonText } from "./change-words.ts";
import { revisionLine } from "./history-words.ts";
import { code, countRu, same, type Spoken, t } from "./line.ts";
import { machineLine, machineProblemLines } from "./machine-words.ts";
import { durationText } from "./numbers.ts";
import type { Text } from "./text.ts";

/** The fourth stage, where a service is to take the file. */
export function servingText(fileName: string): Spoken {
  return {
    en: t`🚚 ${code(fileName)} is in place. Waiting for the service to take it...`,
    ru: t`🚚 ${code(fileName)} на месте. Жду, пока сервис его примет...`,
  };
}

/** Under a change that went live. */
export function takenLine(as: Taken): Spoken {
  return as === "proven"
    ? { en: "The service runs with it.", ru: "Сервис работает с новой версией." }
    : { en: "The service was told.", ru: "Сервису сообщено." };
}

/** Under what is told by a process that was not there when it began. */
export const restartedMeanwhile: Spoken = {
  en: "The bot restarted in the meantime.",
  ru: "Тем временем бот перезапустился.",
};

const tellOperator: Spoken = {
  en: "Please tell the operator before anything else is changed.",
  ru: "Сообщите администратору бота, прежде чем менять что-то ещё.",
};

/** For its author. */
export function putBackText(fileName: string, { end }: Pick<RevertedOutcome, "end">): Text {
  return [
    putBackTitle(fileName, end.backTo),
    ...faultText(end.fault),
    ...(end.again === null ? [] : [notTakenEither(end.backTo), ...faultText(end.again)]),
    revisionLine(end.revision),
    ...(end.again === null ? [] : [tellOperator]),
  ];
}

/** For the others who may read it: what its commands print is not for them. @param author - whose change it was */
export function putBackNotice(
  fileName: string,
  { end, changes }: Pick<RevertedOutcome, "end" | "changes">,
  author: Author,
): Text {
  return [
    putBackTitle(fileName, end.backTo),
    faultLine(end.fault),
    ...(end.again === null ? [] : [notTakenEither(end.backTo)]),
    revisionLine(end.revision),
    ...changesText(author, changes),
  ];
}

function changesText({ name }: Author, changes: Comparison | null): Text {
  if (changes === null) return [];
  const title = { en: t`The change by ${name} was:`, ru: t`Изменение (${name}):` };
  return [title, ...comparisonText(changes)];
}

function putBackTitle(fileName: string, backTo: number): Spoken {
  return {
    en: t`↩️ ${code(fileName)} went back to revision ${backTo}: the service did not take it.`,
    ru: t`↩️ ${code(fileName)} вернулся к ревизии ${backTo}: сервис не принял новую версию.`,
  };
}

function notTakenEither(revision: number): Spoken {
  return {
    en: t`The service did not take revision ${revision} either.`,
    ru: t`Ревизию ${revision} сервис тоже не принял.`,
  };
}

/** For its author, where it stays live. */
export function staysText(fileName: string, { fault, because }: Omit<Stays, "kind">): Text {
  return [
    {
      en: t`⚠️ ${code(fileName)} was replaced, but the service did not take it.`,
      ru: t`⚠️ ${code(fileName)} заменён, но сервис его не принял.`,
    },
    ...faultText(fault),
    staysBecause[because],
    tellOperator,
  ];
}

const staysBecause: Readonly<Record<Stays["because"], Spoken>> = {
  first: {
    en: "There is no earlier version to go back to, so the new one is live.",
    ru: "Прежней версии нет, поэтому действует новая.",
  },
  going_back: { en: "It stays live.", ru: "Новая версия остаётся действующей." },
  moved: {
    en: "It was changed on the server in the meantime, so nothing was put back.",
    ru: "Тем временем файл изменили на сервере, поэтому ничего не возвращено.",
  },
  not_kept: {
    en: "The previous version is no longer kept, so the new one is live.",
    ru: "Прежняя версия уже не хранится, поэтому действует новая.",
  },
  failed: {
    en: "Putting the previous version back failed too (the log has the details).",
    ru: "Вернуть прежнюю версию тоже не удалось (подробности в журнале).",
  },
};

/** For all who may read it, under what says that it went back. */
export function goneBackNotTaken(fault: ServiceFault): Text {
  const notTaken = { en: "The service did not take it.", ru: "Эту версию сервис не принял." };
  return [notTaken, faultLine(fault), tellOperator];
}

function faultText(fault: ServiceFault): Text {
  if (fault.output === "") return [faultLine(fault)];
  const lines = fault.output.split("\n");
  return [
    faultLine(fault),
    { en: "It printed:", ru: "Вывод:" },
    { lines: lines.map(same), total: lines.length },
  ];
}

function faultLine({ step, why }: ServiceFault): Spoken {
  const it: Spoken =
    step === "run"
      ? { en: "The command that tells the service", ru: "Команда для сервиса" }
      : { en: "The command that checks the service", ru: "Команда проверки" };
  switch (why.code) {
    case "not_started":
      return why.errno === "ENOENT"
        ? { en: t`${it} was not found.`, ru: t`${it} не найдена.` }
        : {
            en: t`${it} could not be started (${why.errno}).`,
            ru: t`${it} не запустилась (${why.errno}).`,
          };
    case "exited":
      return {
        en: t`${it} ended with exit code ${why.exitCode}.`,
        ru: t`${it} завершилась с кодом ${why.exitCode}.`,
      };
    case "killed":
      return { en: t`${it} was ended by ${why.signal}.`, ru: t`${it} прервана (${why.signal}).` };
    case "too_slow": {
      const slow: Spoken =
        step === "run" ? it : { en: "The check of the service", ru: "Проверка сервиса" };
      return {
        en: t`${slow} took longer than ${durationText(why.limitMs)}.`,
        ru: t`${slow} не уложилась в ${countRu(Math.floor(why.limitMs / 1000), "секунду", "секунды", "секунд")}.`,
      };
    }
    case "unreachable":
      return { en: "The service does not answer.", ru: "Сервис не отвечает." };
    case "status":
      return {
        en: t`The service answers with HTTP status ${why.status}.`,
        ru: t`Сервис отвечает с кодом HTTP ${why.status}.`,
      };
    case "sent_away":
      return {
        en: "The service redirects the check to another host.",
        ru: "Сервис перенаправляет проверку на другой адрес.",
      };
    case "other_version":
      return {
        en: "The service answers, but not with this version.",
        ru: "Сервис отвечает, но не с этой версией.",
      };
    case "on_machine":
      return machineLine(why.machine, machineProblemLines[why.problem]);
    case "machine_silent":
      return machineLine(why.machine, {
        en: "it has been silent since it wrote the file",
        ru: "нет связи с тех пор, как там записан файл",
      });
    case "no_machine":
      return {
        en: "No machine took it in time.",
        ru: "Ни одна машина не приняла файл вовремя.",
      };
    default:
      return why satisfies never;
  }
}

/** In an overview, where it says something of what is live now. @param newest - the newest revision */
export function serviceStatus(
  state: ServiceState,
  newest: Revision | undefined,
): Spoken | undefined {
  const { revision } = state;
  if (state.kind === "asking") {
    return {
      en: t`the service is being asked to take revision ${revision}`,
      ru: t`сервис сейчас принимает ревизию ${revision}`,
    };
  }
  const { end } = state;
  const live = end.kind === "put_back" ? end.revision : revision;
  if (newest?.revision !== live) return undefined;
  if (end.kind === "taken") {
    return end.as === "proven"
      ? {
          en: t`the service runs with revision ${live}`,
          ru: t`сервис работает с ревизией ${live}`,
        }
      : {
          en: t`the service was told about revision ${live}`,
          ru: t`сервису сообщено о ревизии ${live}`,
        };
  }
  return end.kind === "put_back" && end.again !== null
    ? {
        en: t`the service took neither revision ${revision} nor revision ${live}`,
        ru: t`сервис не принял ни ревизию ${revision}, ни ревизию ${live}`,
      }
    : {
        en: t`the service did not take revision ${revision}`,
        ru: t`сервис не принял ревизию ${revision}`,
      };
}
