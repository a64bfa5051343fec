import { expect, test } from "vitest";
import { parseConfigId } from "../../src/model/config-id.ts";
import { createPeople, type Person } from "../../src/model/people.ts";

const [fees, rates] = [parseConfigId("fees"), parseConfigId("rates")];
if (fees === undefined || rates === undefined) throw new Error("no config ids");

const person = (id: number, may: Readonly<Record<string, "read" | "write">>): Person => ({
  id,
  name: null,
  may: new Map(Object.entries(may)),
});

const people = createPeople(
  [1001],
  [
    person(1001, { fees: "read" }),
    person(1002, { fees: "read", "*": "write" }),
    person(1003, { rates: "write" }),
    person(1004, { "*": "write" }),
  ],
);

for (const { name, id, roles } of [
  {
    name: "an admin writes everything, whatever the catalog says",
    id: 1001,
    roles: ["write", "write"],
  },
  {
    name: "a role for one config goes before the role for every config",
    id: 1002,
    roles: ["read", "write"],
  },
  { name: "without a role for it a config is closed", id: 1003, roles: [undefined, "write"] },
  { name: "nobody has no role", id: 6660, roles: [undefined, undefined] },
]) {
  test(name, () => {
    expect([people.roleOf(id, fees), people.roleOf(id, rates)]).toEqual(roles);
  });
}

test("everybody is there once, and those who write everything are known", () => {
  expect(people.ids).toEqual([1001, 1002, 1003, 1004]);
  expect(people.writersOfAll).toEqual([1001, 1004]);
  expect(people.has(6660)).toBe(false);
});
