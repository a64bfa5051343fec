// The systemd unit, by systemd's own judgement and by ours. Where a machine has no systemd-analyze, the tests that need it are left
// out, which is said aloud; never in CI, which sets REQUIRE_SYSTEMD.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { variablesSchema } from "../../src/settings/variables.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const systemdIsMissing =
  process.env["REQUIRE_SYSTEMD"] !== "1" &&
  spawnSync("systemd-analyze", ["--version"]).error !== undefined;

if (systemdIsMissing) {
  process.stderr.write(
    "Left out: the tests of the systemd unit by systemd itself. They need systemd-analyze (on Debian: apt-get install systemd).\n",
  );
}

const exposureTenthsMax = 30;
const units = ["airlock.service", "airlock-follow.service"];
const text = readFileSync("deploy/airlock.service", "utf8");

function valueOf(name: string): string {
  const [, value] = new RegExp(`^${name}=(.*)$`, "m").exec(text) ?? [];
  if (value === undefined) throw new Error(`the unit has no ${name}`);
  return value;
}

test.skipIf(systemdIsMissing).each(units)("systemd calls the exposure of %s 3 or less", (unit) => {
  const judged = spawnSync(
    "systemd-analyze",
    ["security", "--offline=true", `--threshold=${exposureTenthsMax}`, `deploy/${unit}`],
    { encoding: "utf8" },
  );
  expect(judged.stdout).toContain("Overall exposure level");
  expect(judged.status, judged.stdout).toBe(0);
});

test.skipIf(systemdIsMissing).each(units)("systemd understands every line of %s", async (unit) => {
  const copy = join(await temporaryFolder(), unit);
  // Node need not be where it is on the machine that the unit is for.
  const content = readFileSync(`deploy/${unit}`, "utf8");
  writeFileSync(copy, content.replace("/usr/bin/node", process.execPath));
  const output = execFileSync("systemd-analyze", ["verify", copy], { encoding: "utf8" });
  expect(output).toBe("");
});

test.each(units)("every setting of %s has a comment above it", (unit) => {
  const lines = readFileSync(`deploy/${unit}`, "utf8").split("\n");
  const bare = lines.filter((line, index) => {
    if (!/^\w+=/.test(line) || /^(?:Description|Documentation|WantedBy)=/.test(line)) return false;
    // A comment may be about two or three lines that belong together.
    return !lines.slice(Math.max(0, index - 2), index).some((above) => above.startsWith("#"));
  });
  expect(bare).toEqual([]);
});

test("wrong settings are not tried again for ever, and a crash is", () => {
  expect(valueOf("Restart")).toBe("on-failure");
  const burst = Number(valueOf("StartLimitBurst"));
  const interval = Number(valueOf("StartLimitIntervalSec"));
  expect(burst).toBeGreaterThan(1);
  // Else the starts never come so close together that they are counted.
  expect(burst * (Number(valueOf("RestartSec")) + 10)).toBeLessThan(interval);
});

test("a stop may take longer than the bot waits for a save", () => {
  const { SHUTDOWN_SECONDS: shutdownMs } = variablesSchema.parse({});
  expect(Number(valueOf("TimeoutStopSec")) * 1000).toBeGreaterThan(shutdownMs);
});
