// What is installed where Airlock runs.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";

const lockSchema = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(
    z.string(),
    z.object({
      version: z.string(),
      integrity: z.string().optional(),
      link: z.boolean().optional(),
      dev: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});
const { packages } = lockSchema.parse(
  JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8")),
);
const installed = Object.entries(packages).filter(([path]) => path !== "");

test("every package in the lockfile is held by a hash", () => {
  const unheld = installed.filter(
    ([, { integrity = "" }]) => !/^sha512-[\w+/]{86}==$/.test(integrity),
  );
  expect(unheld.map(([path]) => path)).toEqual([]);
});

test("no package that runs in production needs an install script", () => {
  const scripted = installed.filter(
    ([, { dev = false, hasInstallScript = false }]) => hasInstallScript && !dev,
  );
  expect(scripted.map(([path]) => path)).toEqual([]);
});
