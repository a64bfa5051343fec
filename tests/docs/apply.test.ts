// The recipes of docs/apply-recipes.md, with the real bot and real services: one that reads its file every second, and nginx, which is told. Where a
// machine has no nginx, its test is left out, which is said aloud; never in CI, which sets REQUIRE_NGINX.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { readAirlockFile } from "../../src/catalog/airlock-file.ts";
import { feesFile, openStage } from "../end-to-end/stage.ts";
import { freePort } from "../local-server.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { codeBlocks } from "./code-blocks.ts";

const page = "docs/apply-recipes.md";
/** On Debian it is where only root looks. */
const path = `${process.env["PATH"]}:/usr/sbin`;
const limitsSchema = {
  type: "object",
  required: ["requests_per_second"],
  properties: { requests_per_second: { type: "integer" } },
};

const nginxIsMissing =
  process.env["REQUIRE_NGINX"] !== "1" &&
  spawnSync("nginx", ["-v"], { stdio: "ignore", env: { PATH: path } }).status !== 0;

if (nginxIsMissing) {
  process.stderr.write(
    "Left out: the test of docs/apply-recipes.md with nginx. It needs nginx (on Debian: apt-get install nginx).\n",
  );
}

/** @param from - what stands on the page, and what this machine has in its place */
function block(
  heading: string,
  language: string,
  replacements: Readonly<Record<string, string>>,
): string {
  const found = codeBlocks(page, heading).find((each) => each.language === language);
  if (found === undefined) throw new Error(`${heading} has no ${language}`);
  return Object.entries(replacements).reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replaceAll(from, to);
  }, found.code);
}

function start(program: string, ...args: readonly string[]): void {
  const child = spawn(program, args, { stdio: "ignore", env: { PATH: path } });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, "exit");
  });
}

test("a service that reads its file every second proves that it runs with it, or is given the old one", async () => {
  const [folder, port] = [await temporaryFolder(), await freePort()];
  const heading = "A service that reads its file again by itself";
  const stage = await openStage({
    configFiles: { "fees.yml": feesFile(0) },
    rootFiles: { "airlock.yml": block(heading, "yaml", { 8080: String(port) }) },
  });
  const { anna, airlock } = stage;
  const script = join(folder, "service.mjs");
  const use =
    "function use(text) { if (text.includes('maker_percent: 13')) throw new Error(text); }\n";
  const places = { "/srv/service/config": airlock.configDir, 8080: String(port) };
  writeFileSync(script, use + block(heading, "js", places));
  start(process.execPath, script);
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await anna.waitForText("The service runs with it.");
  anna.upload("fees.yml", feesFile(13), { caption: "/set_fees" });
  await anna.waitForText("↩️ fees.yml went back to revision 2: the service did not take it.");
  expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
  expect(await airlock.metric("config_service_ok", { config_type: "fees" })).toBe(1);
});

test.skipIf(nginxIsMissing)(
  "nginx takes what its own test passes, and is given back what it had",
  async () => {
    const [folder, port] = [await temporaryFolder(), await freePort()];
    mkdirSync(join(folder, "conf.d"));
    const kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    const main = `daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events {}
http {
  access_log off;
  ${kept.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
  include ${folder}/conf.d/*.conf;
}
`;
    writeFileSync(join(folder, "nginx.conf"), main);
    const nginx = ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", join(folder, "error.log")];
    const script = join(folder, "take-limits.sh");
    const places = {
      "/etc/nginx": folder,
      8081: String(port),
      "nginx -": `nginx ${nginx.join(" ")} -`,
    };
    writeFileSync(script, block("nginx", "sh", places));
    chmodSync(script, 0o755);
    const { anna, airlock } = await openStage({
      configFiles: { "limits.yml": "requests_per_second: 10\n" },
      rootFiles: {
        "airlock.yml": block("nginx", "yaml", {
          "/usr/local/bin/take-limits.sh": script,
          8081: String(port),
        }),
        "schemas/limits.schema.json": JSON.stringify(limitsSchema),
      },
      env: { PATH: path },
    });
    start("nginx", ...nginx);
    const served = async (): Promise<string> =>
      (await fetch(`http://127.0.0.1:${port}/config`).catch(() => undefined))?.text() ?? "";
    anna.upload("limits.yml", "requests_per_second: 20\n", { caption: "/set_limits" });
    await anna.waitForText("The service runs with it.");
    const hash = await served();
    expect(hash).toBe((await airlock.history("limits")).at(-1)?.["sha256"]);
    // Its schema takes it, and nginx does not.
    anna.upload("limits.yml", "requests_per_second: 0\n", { caption: "/set_limits" });
    const back = await anna.waitForText("↩️ limits.yml went back to revision 2");
    expect(back.text).toContain("invalid rate");
    await vi.waitFor(async () => expect(await served()).toBe(hash), { timeout: 20_000 });
    expect((await airlock.live("limits")).toString()).toBe("requests_per_second: 20\n");
  },
);

for (const [index, { code }] of ["docs/apply.md", page, "docs/containers.md"]
  .flatMap((each) => codeBlocks(each))
  .filter(({ language }) => language === "yaml")
  .entries()) {
  test(`catalog ${index + 1} of the pages is taken`, async () => {
    const folder = await temporaryFolder();
    for (const name of ["config", "schemas"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "schemas/limits.schema.json"), JSON.stringify(limitsSchema));
    writeFileSync(join(folder, "airlock.yml"), code);
    const parsed = await readAirlockFile(
      join(folder, "airlock.yml"),
      join(folder, "config"),
      [1001],
    );
    expect(parsed.ok ? [] : parsed).toEqual([]);
  });
}
