// The system's own tools for access control lists and extended attributes, as a judge of Airlock's. Where a machine lacks them, or
// its temporary folder has no such lists, the tests that need them are left out, which is said aloud; never in CI, which sets REQUIRE_ATTRIBUTES.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function canSet(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "airlock-attributes-"));
  const succeeded = [
    ["setfacl", "-m", "u:12345:r", folder],
    ["setfattr", "-n", "user.airlock", "-v", "1", folder],
    ["getfacl", "--version"],
    ["getfattr", "--version"],
  ].every(([tool = "", ...args]) => spawnSync(tool, args).status === 0);
  rmSync(folder, { recursive: true });
  return succeeded;
}

export const attributesAreMissing = process.env["REQUIRE_ATTRIBUTES"] !== "1" && !canSet();
/** Only root may take a right away from a process and leave it the files. */
export const rightsAreMissing =
  attributesAreMissing || (process.env["REQUIRE_ATTRIBUTES"] !== "1" && process.getuid?.() !== 0);

if (attributesAreMissing || rightsAreMissing) {
  process.stderr.write(
    "Left out: tests with access control lists and extended attributes. They need root, setfacl and setfattr (on Debian: apt-get install acl attr).\n",
  );
}

export function setAccess(path: string, ...entries: readonly string[]): void {
  execFileSync("setfacl", [...entries, path]);
}

export function setAttribute(path: string, name: string, value: string): void {
  execFileSync("setfattr", ["-n", name, "-v", value, path]);
}

export function removeAttribute(path: string, name: string): void {
  execFileSync("setfattr", ["-x", name, path]);
}

/** Owner, group, flags, every entry of the list (what is effective too), and every attribute in hexadecimal digits. */
export function traitsOf(path: string): string {
  const access = execFileSync("getfacl", [
    "--numeric",
    "--absolute-names",
    "--all-effective",
    path,
  ]);
  const attributes = execFileSync("getfattr", [
    "-d",
    "-m",
    "-",
    "-e",
    "hex",
    "--absolute-names",
    path,
  ]);
  // The attributes' order is the file system's own.
  return `${access.toString()}${attributes.toString().split("\n").toSorted().join("\n")}`;
}
