import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCatalog } from "../../sandbox/catalog.ts";
import { temporaryFolder } from "../temporary-folder.ts";

test("configs are copied, also those that are links, and nothing else of their folder", async () => {
  const folder = await temporaryFolder();
  const configDir = join(folder, "config");
  mkdirSync(configDir);
  writeFileSync(join(folder, "real.yml"), "a: 1\n");
  symlinkSync(join(folder, "real.yml"), join(configDir, "linked.yml"));
  writeFileSync(join(configDir, "secret.pem"), "secret");
  writeFileSync(join(folder, "any.schema.json"), "{}");
  const airlockFile = join(folder, "airlock.yml");
  writeFileSync(
    airlockFile,
    "configs: { linked: { file: linked.yml, schema: any.schema.json } }\n",
  );
  const copy = join(folder, "copy");
  expect(await openCatalog({ airlockFile, shownAs: "airlock.yml", configDir }, copy)).toMatchObject(
    {
      kind: "opened",
      mainConfig: { id: "linked", fileName: "linked.yml", path: join(copy, "linked.yml") },
    },
  );
  expect(lstatSync(join(copy, "linked.yml")).isSymbolicLink()).toBe(false);
  expect(readFileSync(join(copy, "linked.yml"), "utf8")).toBe("a: 1\n");
  expect(() => lstatSync(join(copy, "secret.pem"))).toThrow("ENOENT");
});

test("a catalog that is not there is named as it was given, beside a folder that is not there", async () => {
  const folder = await temporaryFolder();
  const own = {
    airlockFile: join(folder, "nope.yml"),
    shownAs: "nope.yml",
    configDir: join(folder, "config"),
  };
  expect(await openCatalog(own, join(folder, "copy"))).toEqual({
    kind: "problems",
    problems: [
      `There is no folder ${folder}/config. Name the one that your configs are in with --config-dir.`,
      "nope.yml must be a file that can be read (no such file)",
    ],
  });
});
