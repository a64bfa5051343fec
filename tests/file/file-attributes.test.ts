import { execFileSync } from "node:child_process";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { giveAttributes, readAttributes } from "../../src/file/file-attributes.ts";
import {
  attributesAreMissing,
  rightsAreMissing,
  setAccess,
  setAttribute,
  traitsOf,
} from "../attributes.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** Two files beside each other: what the first has is to be given to the second, which is called the same in the comparison. */
async function twoFiles() {
  const folder = await temporaryFolder();
  const [live, fresh] = [join(folder, "live"), join(folder, "fresh")];
  await writeFile(live, "old");
  const make = async (): Promise<void> => {
    await writeFile(fresh, "new", { mode: 0o600 });
  };
  const carryOver = async (): Promise<void> => {
    const { mode } = await stat(live);
    await giveAttributes(fresh, await readAttributes(live), () => chmod(fresh, mode & 0o7777));
  };
  const traits = (path: string): string => traitsOf(path).replaceAll(path, "file");
  return { folder, live, fresh, make, carryOver, traits };
}

test("a file system without attributes has none, and so has a file that is not there", async () => {
  expect(await readAttributes("/proc/version")).toEqual(new Map());
  expect(await readAttributes(join(await temporaryFolder(), "none"))).toEqual(new Map());
});

test("where attributes cannot be read at all, that is a refusal", async () => {
  vi.resetModules();
  vi.doMock("@napi-rs/xattr", () => {
    throw new Error("Failed to load native binding");
  });
  const { readAttributes: reading } = await import("../../src/file/file-attributes.ts");
  await expect(reading("/proc/version")).rejects.toMatchObject({
    trouble: { code: "attributes_not_readable" },
  });
  vi.doUnmock("@napi-rs/xattr");
});

describe.skipIf(attributesAreMissing)("what a file has is given to another", () => {
  const rows: readonly {
    readonly name: string;
    readonly mode?: number;
    readonly access?: readonly (readonly string[])[];
    readonly attributes?: Readonly<Record<string, string>>;
    readonly folderAccess?: readonly string[];
  }[] = [
    { name: "nothing but a mode", mode: 0o640 },
    { name: "an attribute", attributes: { "user.origin": "vault" } },
    { name: "an empty attribute", attributes: { "user.empty": "" } },
    { name: "many attributes", attributes: { "user.a": "1", "user.b": "x".repeat(900) } },
    {
      name: "an attribute of a file that its owner may only read",
      mode: 0o444,
      attributes: { "user.origin": "vault" },
    },
    { name: "a list with a user", mode: 0o600, access: [["-m", "u:12345:r"]] },
    { name: "a list with a group that may not", mode: 0o644, access: [["-m", "g:23456:-"]] },
    {
      name: "a list whose mask holds back what its entries say",
      access: [
        ["-m", "u:12345:rw"],
        ["-m", "m::r"],
      ],
    },
    {
      name: "a list whose owning group may less than the mask",
      access: [["-m", "u:12345:rw,g::-,o::-"]],
    },
    {
      name: "a list and attributes of a file that its owner may only read",
      access: [["-m", "u::r,u:12345:r"]],
      attributes: { "user.origin": "vault" },
    },
    {
      name: "no list, where the folder gives each new file one",
      mode: 0o640,
      folderAccess: ["-d", "-m", "u:12345:rw,g:23456:r"],
    },
    {
      name: "another list than the one that the folder gives",
      access: [["-m", "u:34567:r"]],
      folderAccess: ["-d", "-m", "u:12345:rw"],
    },
  ];
  for (const { name, mode, access = [], attributes = {}, folderAccess } of rows) {
    test(name, async () => {
      const { folder, live, fresh, make, carryOver, traits } = await twoFiles();
      for (const [key, value] of Object.entries(attributes)) setAttribute(live, key, value);
      for (const entries of access) setAccess(live, ...entries);
      if (mode !== undefined) await chmod(live, mode);
      if (folderAccess !== undefined) setAccess(folder, ...folderAccess);
      const before = traits(live);
      await make();
      await carryOver();
      expect(traits(fresh)).toBe(before);
      expect((await stat(fresh)).mode).toBe((await stat(live)).mode);
      expect(await readFile(fresh, "utf8")).toBe("new");
      // Once more, as where the live file changes while a change waits.
      await carryOver();
      expect(traits(fresh)).toBe(before);
    });
  }

  test("an attribute that the other has no more is taken away again", async () => {
    const { live, fresh, make, carryOver, traits } = await twoFiles();
    await make();
    setAttribute(fresh, "user.origin", "vault");
    setAccess(fresh, "-m", "u:12345:r");
    await carryOver();
    expect(traits(fresh)).toBe(traits(live));
  });
});

describe.skipIf(rightsAreMissing)("what only root may give", () => {
  test("capabilities and trusted attributes are carried over", async () => {
    const { live, fresh, make, carryOver, traits } = await twoFiles();
    setAttribute(live, "trusted.airlock", "1");
    setAttribute(live, "security.capability", "0x0100000200200000000000000000000000000000");
    await make();
    await carryOver();
    expect(traits(fresh)).toBe(traits(live));
  });

  test("what the kernel made of the old bytes is not", async () => {
    const { live, fresh, make, carryOver } = await twoFiles();
    setAttribute(live, "security.ima", "0x0404");
    await make();
    await carryOver();
    expect(execFileSync("getfattr", ["-m", "-", fresh]).toString()).toBe("");
  });
});
