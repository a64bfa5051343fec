// Values that were valid and wrong, as they have cost others dearly: in 2018 a dividend of 1,000 won a share was paid as 1,000 shares, in 2026 a prize of 620,000
// won as 620,000 bitcoins. Replayed as edits of the two configs that come with Airlock; and what admins do every day, which is let through.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { judgeLimits } from "../../../src/document/limits/judge-limits.ts";
import { checkDocument } from "../../../src/document/validation/check-document.ts";
import type { Limit } from "../../../src/model/rules.ts";

const configs = {
  fees: {
    text: readFileSync("config/fees.yml", "utf8"),
    limits: [
      { path: "**.*_percent", atMost: { kind: "percent", amount: "50" }, hard: false },
      { path: "tiers[*].from_volume", atMost: { kind: "times", amount: "3" }, hard: false },
      { path: "withdrawal.**", atMost: { kind: "times", amount: "3" }, hard: false },
    ],
  },
  rates: {
    text: readFileSync("config/rates.yml", "utf8"),
    limits: [{ path: "rates.*", atMost: { kind: "percent", amount: "20" }, hard: false }],
  },
} as const satisfies Readonly<
  Record<string, { readonly text: string; readonly limits: readonly Limit[] }>
>;
type Name = keyof typeof configs;

/** Whether it is let through, held by a limit, or refused as invalid. */
async function fateOf(name: Name, candidate: string, live: string, dayAgo = live): Promise<string> {
  const bytes = Buffer.from(candidate);
  if ((await checkDocument(bytes, `builtin:${name}`)).kind === "invalid") return "invalid";
  const versions = { candidate: bytes, live: Buffer.from(live), dayAgo: Buffer.from(dayAgo) };
  return judgeLimits(versions, configs[name].limits).kind;
}

describe("an incident is held, or invalid", () => {
  for (const { name, of, from, to, fate } of [
    {
      name: "a factor of 100",
      of: "fees",
      from: "maker_percent: 0.08 #",
      to: "maker_percent: 8 #",
      fate: "beyond",
    },
    {
      name: "a percentage typed as a fraction",
      of: "fees",
      from: "taker_percent: 0.1 #",
      to: "taker_percent: 0.001 #",
      fate: "beyond",
    },
    {
      name: "a factor of 10 in one tier",
      of: "fees",
      from: "1000000, maker_percent: 0.04",
      to: "1000000, maker_percent: 0.4",
      fate: "beyond",
    },
    { name: "a point left out", of: "rates", from: "149.5", to: "1495", fate: "beyond" },
    {
      name: "a point in the wrong place",
      of: "rates",
      from: "0.0000105",
      to: "0.000105",
      fate: "beyond",
    },
    {
      name: "an exponent of the wrong sign",
      of: "rates",
      from: "0.0000105",
      to: "1.05e+5",
      fate: "beyond",
    },
    {
      name: "satoshis for bitcoins",
      of: "fees",
      from: "fixed: 0.0002, minimum: 0.001",
      to: "fixed: 20000, minimum: 100000",
      fate: "beyond",
    },
    {
      name: "won for bitcoins",
      of: "fees",
      from: "fixed: 0.0002, minimum: 0.001",
      to: "fixed: 0.0002, minimum: 620000",
      fate: "beyond",
    },
    { name: "the inverse of a rate", of: "rates", from: "149.5", to: "0.00669", fate: "beyond" },
    {
      name: "the rates of two currencies swapped",
      of: "rates",
      from: "EUR: 0.92\n  GBP: 0.79\n  JPY: 149.5",
      to: "EUR: 149.5\n  GBP: 0.79\n  JPY: 0.92",
      fate: "beyond",
    },
    {
      name: "a blank value",
      of: "fees",
      from: "maker_percent: 0.08 #",
      to: "maker_percent: #",
      fate: "invalid",
    },
    { name: "a blank rate", of: "rates", from: "EUR: 0.92", to: "EUR:", fate: "invalid" },
    {
      name: "a fee of nothing",
      of: "fees",
      from: "taker_percent: 0.1 #",
      to: "taker_percent: 0 #",
      fate: "beyond",
    },
    {
      name: "a sign",
      of: "fees",
      from: "maker_percent: 0.08 #",
      to: "maker_percent: -0.08 #",
      fate: "invalid",
    },
    { name: "a sign in a rate", of: "rates", from: "0.92", to: "-0.92", fate: "invalid" },
    { name: "a comma for a point", of: "rates", from: "0.92", to: "0,92", fate: "invalid" },
    { name: "a number in quotes", of: "rates", from: "0.92", to: '"0.92"', fate: "invalid" },
    { name: "a rate that got lost", of: "rates", from: "  GBP: 0.79\n", to: "", fate: "beyond" },
    {
      name: "a key that slipped into a comment",
      of: "fees",
      from: "  ETH: {",
      to: "  # ETH: {",
      fate: "beyond",
    },
    {
      name: "a tier that got lost, so that the next one takes its place",
      of: "fees",
      from: "  - { from_volume: 100000, maker_percent: 0.06, taker_percent: 0.08 }\n",
      to: "",
      fate: "beyond",
    },
    {
      name: "a section that got lost",
      of: "fees",
      from: /\nwithdrawal:[^]*$/,
      to: "\n",
      fate: "beyond",
    },
    {
      name: "an asset under a wrong name",
      of: "fees",
      from: "  BTC: {",
      to: "  BTG: {",
      fate: "beyond",
    },
  ] as const) {
    test(name, async () => {
      const { text } = configs[of];
      const candidate = text.replace(from, to);
      expect(candidate).not.toBe(text);
      expect(await fateOf(of, candidate, text)).toBe(fate);
    });
  }

  for (const of of ["fees", "rates"] as const) {
    const { text } = configs[of];
    for (const { name, candidate } of [
      { name: "doubled", candidate: text + text },
      { name: "empty", candidate: "" },
      {
        name: "cut off before its end",
        candidate: text.slice(0, text.lastIndexOf(" ")),
      },
    ]) {
      test(`a ${of}.yml that is ${name}`, async () => {
        expect(await fateOf(of, candidate, text)).toBe("invalid");
      });
    }
  }

  test("many small steps in one day", async () => {
    const { text } = configs.rates;
    const stepped = (rate: string): string => text.replace("0.92", rate);
    expect(await fateOf("rates", stepped("1.05"), text)).toBe("within");
    expect(await fateOf("rates", stepped("1.2"), stepped("1.05"), text)).toBe("beyond");
  });
});

/** The same sequence in every run; from 0 up to 1, without it. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** One value after the next, each by up to 4 percent either way; sometimes only the writing. */
function ordinaryEdit(text: string, random: () => number): string {
  if (random() < 0.1) return text.replace(/\n/, `\n# looked at again, round ${random()}\n`);
  const places = [...text.matchAll(/(?<=: )\d+(?:\.\d+)?(?=[ ,\n])/g)];
  const place = places[Math.floor(random() * places.length)];
  if (place === undefined || place[0] === "0") return text;
  const moved = Number(place[0]) * (0.96 + random() * 0.08);
  const written = moved >= 1000 ? String(Math.round(moved)) : moved.toFixed(7);
  return text.slice(0, place.index) + written + text.slice(place.index + place[0].length);
}

test("of a hundred ordinary edits, three a day, none is held", async () => {
  for (const name of ["fees", "rates"] as const) {
    const random = sequence(20_260_101);
    const versions: string[] = [configs[name].text];
    let edits = 0;
    while (edits < 100) {
      const live = versions.at(-1) ?? "";
      const candidate = ordinaryEdit(live, random);
      if (candidate === live) continue;
      expect(await fateOf(name, candidate, live, versions.at(-3) ?? versions[0])).toBe("within");
      versions.push(candidate);
      edits += 1;
    }
  }
});
