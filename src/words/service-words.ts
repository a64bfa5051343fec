// What is said of the service that reads a config: whether it took a change. The lines that name the service are promised; change none of them.
import type { Comparison } from "../model/comparison.ts";
import type { RevertedOutcome } from "../model/outcome.ts";
import type { Author, Revision } from "../model/revision.ts";
import type { ServiceFault, ServiceState, Stays, Taken } from "../model/service-proof.ts";
import { comparisonText } from "./change-words.ts";
import { durationText } from "./numbers.ts";
import type { Text } from "./text.ts";

const changesListedMax = 10;

/** The fourth stage, where a service is to take the file. */
export function servingText(fileName: string): string {
  return `🚚 ${fileName} is in place. Waiting for the service to take it...`;
}

/** Under a change that went live. */
export function takenLine(as: Taken): string {
  return as === "proven" ? "The service runs with it." : "The service was told.";
}

type PutBackChange = Pick<RevertedOutcome, "end">;

/** For its author. */
export function putBackText(fileName: string, { end }: PutBackChange): Text {
  return [
    putBackTitle(fileName, end.backTo),
    ...faultText(end.fault),
    ...(end.again === null
      ? [`Revision ${end.revision}.`]
      : [
          `The service did not take revision ${end.backTo} either.`,
          ...faultText(end.again),
          `Revision ${end.revision} is live. Please tell the operator before anything else is changed.`,
        ]),
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
    faultSentence(end.fault),
    ...(end.again === null ? [] : [`The service did not take revision ${end.backTo} either.`]),
    `Revision ${end.revision}.`,
    ...changesText(author, changes),
  ];
}

function changesText({ name }: Author, changes: Comparison | null): Text {
  if (changes === null) return [];
  return [`The change by ${name} was:`, ...comparisonText(changes, changesListedMax)];
}

function putBackTitle(fileName: string, backTo: number): string {
  return `↩️ ${fileName} went back to revision ${backTo}: the service did not take it.`;
}

/** For its author, where it stays live. */
export function staysText(fileName: string, { fault, because }: Omit<Stays, "kind">): Text {
  return [
    `⚠️ ${fileName} was replaced, but the service did not take it.`,
    ...faultText(fault),
    ...staysBecause(because),
    "Please tell the operator before anything else is changed.",
  ];
}

function staysBecause(because: Stays["because"]): readonly string[] {
  switch (because) {
    case "first":
      return ["There is no earlier version to go back to, so the new one is live."];
    case "going_back":
      return ["It stays live."];
    case "moved":
      return ["It was changed on the server meanwhile, so nothing was put back."];
    case "not_kept":
      return ["The version before it is no longer kept, so the new one is live."];
    case "failed":
      return ["Putting back the version before it failed too (the log has the details)."];
    default:
      return because satisfies never;
  }
}

function faultText(fault: ServiceFault): Text {
  const lines = fault.output === "" ? [] : fault.output.split("\n");
  return [
    faultSentence(fault),
    ...(lines.length === 0 ? [] : ["It printed:", { lines, total: lines.length }]),
  ];
}

function faultSentence({ step, why }: ServiceFault): string {
  const it = step === "run" ? "The command that tells it" : "The command that checks it";
  switch (why.code) {
    case "not_started":
      return why.errno === "ENOENT"
        ? `${it} was not found.`
        : `${it} could not be started (${why.errno}).`;
    case "exited":
      return `${it} ended with exit code ${why.exitCode}.`;
    case "killed":
      return `${it} was ended by ${why.signal}.`;
    case "too_slow":
      return `${step === "run" ? it : "The check"} took longer than ${durationText(why.limitMs)}.`;
    case "unreachable":
      return "The service does not answer.";
    case "status":
      return `The service answers with HTTP status ${why.status}.`;
    case "sent_away":
      return "The service sends the check to another host.";
    case "other_version":
      return "The service answers, but not with this version.";
    default:
      return why satisfies never;
  }
}

/** In an overview, where it says something of what is live now. @param newest - the newest revision */
export function serviceStatus(
  state: ServiceState,
  newest: Revision | undefined,
): string | undefined {
  if (state.kind === "asking") return `the service is to take revision ${state.revision} now`;
  const { revision, end } = state;
  const live = end.kind === "put_back" ? end.revision : revision;
  if (newest?.revision !== live) return undefined;
  switch (end.kind) {
    case "taken":
      return end.as === "proven"
        ? `the service runs with revision ${live}`
        : `the service was told of revision ${live}`;
    case "put_back":
      return end.again === null
        ? `the service did not take revision ${revision}`
        : `the service took neither revision ${revision} nor revision ${live}`;
    case "stays":
      return `the service did not take revision ${live}`;
    default:
      return end satisfies never;
  }
}
