// What is wrong with the rules of a config, in words: after the path of the value that it is about.
import type { PlainRuleFault, RuleFaults } from "../model/rule-fault.ts";
import { count } from "./numbers.ts";
import type { Sentences } from "./sentences.ts";

const address = "must be an http or https address such as http://127.0.0.1:8080/config";

export const plainRuleFaults: Readonly<Record<PlainRuleFault, string>> = {
  not_time: "must be a time such as 30s, 10m, 24h or 7d",
  no_time: "must be longer than 0",
  not_amount:
    "must be a percentage such as 50%, a factor such as 3x, or a number above 0 such as 0.05",
  no_amount: "must be above 0, or no change could pass",
  no_factor: "must be above 1x, or no change could pass",
  argument_no_text: "must be text (put it in quotes)",
  argument_with_nul: "must hold no NUL character",
  no_program: "must name a program",
  not_argv: "must be a list such as [systemctl, reload, exchange]",
  not_address: address,
  address_with_user: `${address}, without a user or a password`,
  not_comparison: "must be a comparison with a number, such as > 5",
  never_asked: "must be at most what during says, or the guard would never ask",
};

export const ruleFaults: Sentences<RuleFaults> = {
  time_too_long: ({ daysMax }) => `must be at most ${daysMax}d`,
  not_path: ({ why, at }) =>
    `must be a path such as **.*_percent or tiers[2].maker_percent${pathHint(why, at)}`,
  person_named_twice: ({ person }) => `${person} is named twice`,
  unknown_person: ({ person }) =>
    `${person} is named neither in ADMIN_IDS nor under people in this file`,
  may_not_read: ({ name, config }) => `${name} may not even read ${config}`,
  too_few_approvers: ({ asked, author, others }) => {
    const found =
      others === 0 ? "nobody else" : `only ${count(others, "other person", "other people")}`;
    return `cannot be ${asked}: a change by ${author} could be approved by ${found}`;
  },
};

function pathHint(why: RuleFaults["not_path"]["why"], at: number): string {
  switch (why) {
    case "no_path":
      return "";
    case "shortened":
      return ": write * where the path is shortened with …";
    case "no_name":
      return `: a name is missing at character ${at}`;
    case "in_brackets":
      return `: between [ and ] must be a number, * or a key in double quotes, at character ${at}`;
    case "asterisks":
      return `: ** must stand by itself between dots, at character ${at}`;
    case "bare_key":
      return `: a key with spaces, quotes or brackets is written as ["the key"], at character ${at}`;
    default:
      return why satisfies never;
  }
}
