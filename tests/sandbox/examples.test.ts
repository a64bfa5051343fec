import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { changedFile, exampleFile } from "../../sandbox/examples.ts";

const yaml = "# limits: 5\nmode: open\naccounts:\n  retail: { daily: 5000, single: 10.5 }\n";
const json = '{\n  "mode": "open",\n  "daily": 5\n}\n';

test("a change moves one number, in YAML and in JSON, and not one in a comment", () => {
  expect(changedFile(yaml, 0)).toBe(yaml.replace("5000", "5001"));
  expect(changedFile(yaml, 1)).toBe(yaml.replace("10.5", "10.51"));
  expect(changedFile(json, 0)).toBe(json.replace("5", "6"));
  expect(changedFile("mode: open\n", 0)).toBe("mode: open\n\n");
});

test("a typo is one in a key, and a duplicate is the first key once more", () => {
  expect(exampleFile("typo", yaml)).toBe(yaml.replace("daily", "daiyl"));
  expect(exampleFile("typo", json)).toBe(json.replace("daily", "daiyl"));
  expect(exampleFile("duplicate", yaml)).toBe(`${yaml}\nmode: open\n`);
  expect(exampleFile("duplicate", json)).toBe(
    '{\n  "mode": "open",\n  "daily": 5,\n  "mode": 1\n}\n',
  );
});

test("the shipped file differs from itself at each of both numbers that a race changes", () => {
  const fees = readFileSync("config/fees.yml", "utf8");
  expect(new Set([fees, changedFile(fees, 0), changedFile(fees, 1)]).size).toBe(3);
});

test("a file of empty lines, however long, is made into an example at once", () => {
  const emptyLines = "\n".repeat(900_000);
  expect(exampleFile("valid", `${emptyLines}a: 1\n`)).toBe(`${emptyLines}a: 2\n`);
});
