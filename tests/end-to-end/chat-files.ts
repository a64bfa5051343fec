// The files that admins send in the golden chats, by what stands in their brackets.
import { feesFile, ratesFile } from "./stage.ts";

const manyMistakes = `currency: usd
maker_percent: yes
taker_precent: 0.1
tiers:
  - { from_volume: 1, maker_percent: 0.1, taker_percent: 0.1 }
withdrawal:
  BTC: { fixed: 2, minimum: 1 }
`;
const thirtyProblems = `${feesFile(1)}${Array.from({ length: 30 }, (_, index) => `x${index}: 1\n`).join("")}`;

export const chatFiles = {
  "fees.yml: maker_percent 1": feesFile(1),
  "fees.yml: maker_percent 2": feesFile(2),
  "fees.yml: maker_percent 3": feesFile(3),
  "fees.yml: maker_percent 150": feesFile(150),
  "fees.yml: many mistakes": manyMistakes,
  "fees.yml: a syntax error": 'currency: "USD\n',
  "fees.yml: a picture": Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]),
  "fees.yml: too large": `# ${"x".repeat(2 * 1024 * 1024)}\n`,
  "fees.yml: thirty problems": thirtyProblems,
  "rates.yml: EUR 0.93": ratesFile(0.93),
  "rates.yml: EUR 0.94": ratesFile(0.94),
  "my <b>fees</b>.yml": feesFile(1),
  "fees.yml: maker_percent 5": feesFile(5),
  "fees.yml: maker_percent 6": feesFile(6),
  "fees.yml: maker_percent 7": feesFile(7),
  "fees.yml: taker_percent 2": feesFile(0).replace("0.1", "2"),
  "fees.yml: maker_percent 7, taker_percent 0.1": feesFile(7),
  "fees.yml: maker_percent 6, taker_percent 2": feesFile(6).replace("0.1", "2"),
  "fees.yml: taker_percent 0.2": feesFile(0).replace("0.1", "0.2"),
  "fees.yml: only comments": `# a comment\n${feesFile(0)}`,
  "fees.yml: the live file": feesFile(0),
};
