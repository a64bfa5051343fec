// The rules of a config, from the catalog's value: what its schema has accepted becomes Rules, and what the parts mean together is checked.
import type { PlaceFinder } from "../document/validation/document-places.ts";
import type { Issue } from "../document/validation/issue-problems.ts";
import type { PathStep } from "../model/comparison.ts";
import { type ConfigId, parseConfigId } from "../model/config-id.ts";
import { dayMs, durationMs } from "../model/duration.ts";
import type { People } from "../model/people.ts";
import type { Fault } from "../model/problem.ts";
import type { Limit, Rules } from "../model/rules.ts";
import { approvalsMax, readAmount, readComparison } from "./rules-schema.ts";
import { hasKey, isRecord, listAt, mapAt, partAt, textAt } from "./value-parts.ts";

const withinMsDefault = 30_000;
const duringMsDefault = 600_000;
const everyMsDefault = 15_000;
const jitterMsDefault = 5000;

/**
 * @param config - as the catalog describes it; what its schema refuses is left out
 * @param at - where in the catalog it is
 */
export function readRules(config: unknown, at: readonly PathStep[], find: PlaceFinder): Rules {
  return {
    limits: listAt(config, "limits").flatMap((limit, index) => {
      // The exact text of a number, of which JavaScript may hold another one.
      const atMost = readAmount(find.scalar([...at, "limits", index, "at_most"]));
      const path = textAt(limit, "path");
      if (atMost === undefined || path === undefined) return [];
      return [{ path, atMost, hard: partAt(limit, "hard") === true } satisfies Limit];
    }),
    approval: readApproval(partAt(config, "approval")),
    keepMs: timeAt(config, "keep") ?? null,
    apply: readApply(partAt(config, "apply")),
    guard: readGuard(partAt(config, "guard")),
    rollout: readRollout(partAt(config, "rollout")),
  };
}

function timeAt(value: unknown, key: string): number | undefined {
  return durationMs(textAt(value, key) ?? "");
}

function readApproval(value: unknown): Rules["approval"] {
  if (!isRecord(value)) return null;
  const approvals = partAt(value, "approvals");
  return {
    when: textAt(value, "when") === "over_limits" ? "over_limits" : "always",
    approvals: typeof approvals === "number" ? approvals : 1,
    by: hasKey(value, "by") ? listAt(value, "by").filter((id) => typeof id === "number") : null,
    expiresMs: timeAt(value, "expires") ?? dayMs,
  };
}

function readApply(value: unknown): Rules["apply"] {
  if (!isRecord(value)) return null;
  const address = textAt(value, "verify");
  const argv = textsAt(value, "verify");
  return {
    run: textsAt(value, "run"),
    verify:
      address === undefined
        ? argv.length === 0
          ? null
          : { kind: "command", argv }
        : { kind: "url", url: address },
    withinMs: timeAt(value, "within") ?? withinMsDefault,
  };
}

function readRollout(value: unknown): Rules["rollout"] {
  return isRecord(value) ? { jitterMs: timeAt(value, "jitter") ?? jitterMsDefault } : null;
}

function textsAt(value: unknown, key: string): readonly string[] {
  return listAt(value, key).filter((item) => typeof item === "string");
}

function readGuard(value: unknown): Rules["guard"] {
  const fails = readComparison(textAt(value, "fails") ?? "");
  if (!isRecord(value) || fails === undefined) return null;
  return {
    prometheus: textAt(value, "prometheus") ?? "",
    query: textAt(value, "query") ?? "",
    fails,
    duringMs: timeAt(value, "during") ?? duringMsDefault,
    everyMs: timeAt(value, "every") ?? everyMsDefault,
  };
}

/**
 * What no schema can say: whether the people that a rule needs are there, and whether its times fit together. What the schema refuses is left
 * to it.
 * @param people - undefined where not everybody is known
 */
export function rulesIssues(catalog: unknown, people: People | undefined): readonly Issue[] {
  return Object.entries(mapAt(catalog, "configs")).flatMap(([name, config]) => {
    const id = parseConfigId(name);
    if (id === undefined) return [];
    const found = [
      ...guardProblems(partAt(config, "guard")),
      ...(people === undefined ? [] : approverProblems(id, partAt(config, "approval"), people)),
    ];
    return found.map(({ steps, fault }) => ({
      path: ["configs", name, ...steps],
      about: "value",
      fault,
    }));
  });
}

interface Found {
  readonly steps: readonly PathStep[];
  readonly fault: Fault;
}

function guardProblems(guard: unknown): readonly Found[] {
  const every = hasKey(guard, "every") ? timeAt(guard, "every") : everyMsDefault;
  const during = hasKey(guard, "during") ? timeAt(guard, "during") : duringMsDefault;
  if (every === undefined || during === undefined || every <= during) return [];
  return [{ steps: ["guard", "every"], fault: { code: "never_asked" } }];
}

function approverProblems(id: ConfigId, approval: unknown, people: People): readonly Found[] {
  if (!isRecord(approval)) return [];
  const by = listAt(approval, "by");
  const wrong = by.flatMap((person, index): readonly Found[] => {
    const fault = approverFault(id, person, by.indexOf(person) < index, people);
    return fault === undefined ? [] : [{ steps: ["approval", "by", index], fault }];
  });
  const isReadable = by.every((person) => typeof person === "number");
  if (wrong.length > 0 || !isReadable || (hasKey(approval, "by") && by.length === 0)) return wrong;
  return tooFewApprovers(id, approval, people);
}

function approverFault(
  id: ConfigId,
  person: unknown,
  isAgain: boolean,
  people: People,
): Fault | undefined {
  if (typeof person !== "number") return undefined;
  if (isAgain) return { code: "person_named_twice", params: { person } };
  if (!people.has(person)) return { code: "unknown_person", params: { person } };
  return people.roleOf(person, id) === undefined
    ? { code: "may_not_read", params: { name: nameOf(people, person), config: id } }
    : undefined;
}

/** The author never counts: whoever may approve is the one who would find the fewest others. */
function tooFewApprovers(id: ConfigId, approval: unknown, people: People): readonly Found[] {
  const asked = partAt(approval, "approvals") ?? 1;
  if (typeof asked !== "number" || asked > approvalsMax) return [];
  const authors = people.whoMay("write", id);
  const approvers: readonly unknown[] = hasKey(approval, "by") ? listAt(approval, "by") : authors;
  const author = authors.find((person) => approvers.includes(person)) ?? authors[0];
  const others = approvers.filter((person) => person !== author);
  if (author === undefined || others.length >= asked) return [];
  const params = { asked, author: nameOf(people, author), others: others.length };
  return [{ steps: ["approval", "approvals"], fault: { code: "too_few_approvers", params } }];
}

function nameOf(people: People, id: number): string {
  return people.nameOf(id) ?? String(id);
}
