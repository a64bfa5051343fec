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
const text = readFileSync("deploy/airlock.service", "utf8");
const lines = text.split("\n");

function valueOf(name: string): string {
  const [, value] = new RegExp(`^${name}=(.*)$`, "m").exec(text) ?? [];
  if (value === undefined) throw new Error(`the unit has no ${name}`);
  return value;
}

test.skipIf(systemdIsMissing)("systemd calls the service's exposure 3 or less", () => {
  const judged = spawnSync(
    "systemd-analyze",
    ["security", "--offline=true", `--threshold=${exposureTenthsMax}`, "deploy/airlock.service"],
    { encoding: "utf8" },
  );
  expect(judged.stdout).toContain("Overall exposure level");
  expect(judged.status, judged.stdout).toBe(0);
});

test.skipIf(systemdIsMissing)("systemd understands every line", async () => {
  const copy = join(await temporaryFolder(), "airlock.service");
  // Node need not be where it is on the machine that the unit is for.
  writeFileSync(copy, text.replace("/usr/bin/node", process.execPath));
  const output = execFileSync("systemd-analyze", ["verify", copy], { encoding: "utf8" });
  expect(output).toBe("");
});

test("every setting of the unit has a comment above it", () => {
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
