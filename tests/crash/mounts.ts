// Small file systems of a test's own, to fill, to make read-only and to cut the power of. Where a machine may not mount, the tests that
// need them are left out, which is said aloud; never in CI, which sets REQUIRE_MOUNTS.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rmdir } from "node:fs/promises";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const prefix = join(tmpdir(), "airlock-mount-");

function canMount(): boolean {
  const folder = mkdtempSync(prefix);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", folder]);
  if (mounted.status === 0) spawnSync("umount", [folder]);
  rmdirSync(folder);
  return mounted.status === 0;
}

function canCutPower(): boolean {
  return ["mkfs.ext4", "xfs_io"].every((tool) => spawnSync(tool, ["-V"]).error === undefined);
}

const isRequired = process.env["REQUIRE_MOUNTS"] === "1";
export const mountsAreMissing = !isRequired && !canMount();
export const powerCutIsMissing = mountsAreMissing || (!isRequired && !canCutPower());

if (mountsAreMissing || powerCutIsMissing) {
  process.stderr.write(
    "Left out: tests with file systems of their own. They need the right to mount, and for the power cut e2fsprogs and xfsprogs (on Debian: apt-get install e2fsprogs xfsprogs).\n",
  );
}

export function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: "pipe" });
}

/** Mounts, and unmounts after the test, or before a second mount in the same place. */
export async function mount(folder: string, ...args: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  run("mount", ...args, folder);
  onTestFinished(() => {
    spawnSync("umount", ["-l", folder]);
  });
}

/** A folder for mounts, removed when they are gone. */
export async function mountFolder(): Promise<string> {
  const folder = await mkdtemp(prefix);
  onTestFinished(() => rmdir(folder).catch(() => {}));
  return folder;
}
