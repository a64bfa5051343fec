// The page that takes a team from its own file to a working bot, followed word by word: its files, its commands, its chat.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hearBot } from "../sandbox/hear-bot.ts";
import { startSandboxProcess } from "../sandbox/sandbox-process.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const page = readFileSync("docs/own-configs.md", "utf8");
const [, guide = ""] = /## From your file[^\n]*\n(.*)/s.exec(page) ?? [];
const anna = 1001;

/** The code in the guide, in its order. */
const blocks = [...guide.matchAll(/^```(\S*)[ ]?(\S*)\n(.*?)^```$/gms)].map(
  ([, language = "", path = "", code = ""]) => ({ language, path, code }),
);

test("the five-minute page, followed word by word, ends with /set_limits working in the sandbox", async () => {
  const folder = await temporaryFolder();
  let sandboxArgs: readonly string[] = [];
  for (const { language, path, code } of blocks) {
    if (path !== "") {
      writeFileSync(join(folder, path), code);
      continue;
    }
    if (language !== "sh") continue;
    for (const command of code.trim().split("\n")) {
      const [, args] = /^npm run sandbox -- (.*)$/.exec(command) ?? [];
      if (args !== undefined) sandboxArgs = args.split(" ");
      else if (command !== "npm ci") execFileSync("sh", ["-ec", command], { cwd: folder });
    }
  }
  expect(sandboxArgs).toEqual(["--airlock-file", "my-service/airlock.yml"]);
  const before = readFileSync(join(folder, "my-service/config/limits.yml"), "utf8");

  const sandbox = await startSandboxProcess({ args: sandboxArgs, from: folder });
  onTestFinished(() => sandbox.dispose());
  const { said } = await hearBot(sandbox.address);
  await said("You can change limits.yml");
  const post = async (what: string, body: string | FormData): Promise<void> => {
    const url = `${sandbox.address}/api/people/${anna}/${what}`;
    expect((await fetch(url, { method: "POST", body })).status).toBe(204);
  };
  const upload = async (single: string, caption: string): Promise<void> => {
    const live = await (await fetch(`${sandbox.address}/api/live/limits`)).text();
    const form = new FormData();
    form.append(
      "file",
      new File([live.replace("single: 1000 ", `single: ${single} `)], "limits.yml"),
    );
    form.append("caption", caption);
    await post("document", form);
  };

  const chat = blocks.find(({ code }) => code.startsWith("Anna:"))?.code ?? "";
  const amounts = ["1000000", "2000"];
  for (const line of chat.trim().split("\n")) {
    const [, document, caption = ""] = /^Anna: +(📄 limits\.yml) ?(.*)$/u.exec(line) ?? [];
    const [, text] = /^Anna: +(\/.*)$/.exec(line) ?? [];
    if (document !== undefined) await upload(amounts.shift() ?? "", caption);
    else if (text !== undefined) await post("text", text);
    else await said(line.replace(/^(?:Airlock:)? +/, ""));
  }
  expect(amounts).toEqual([]);
  expect(readFileSync(join(folder, "my-service/config/limits.yml"), "utf8")).toBe(before);
});

test("the example's files are those of the page", () => {
  const files = new Map(
    blocks.flatMap(({ path, code }) =>
      path === "" ? [] : [[path.replace("my-service/", ""), code]],
    ),
  );
  const example = readdirSync("docs/example", { recursive: true, encoding: "utf8" });
  for (const name of example.filter((entry) => /\.(?:yml|json)$/.test(entry))) {
    expect(readFileSync(join("docs/example", name), "utf8")).toBe(files.get(name));
  }
  expect(files.size).toBe(3);
});

test("a catalog with mistakes is told by the sandbox as the bot would, and starts nothing", async () => {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, "config"));
  writeFileSync(join(folder, "airlock.yml"), "configs:\n  limits: { file: limits.yml }\n");
  const args = ["--airlock-file", "airlock.yml"];
  await expect(startSandboxProcess({ args, from: folder })).rejects.toThrow(
    "airlock.yml: line 2, column 11: configs.limits.schema: is missing",
  );
  await expect(
    startSandboxProcess({ args: [...args, "--config-dir", "elsewhere"], from: folder }),
  ).rejects.toThrow(`There is no folder ${join(folder, "elsewhere")}.`);
  await expect(startSandboxProcess({ args: ["--airlock"], from: folder })).rejects.toThrow(
    "Usage: npm run sandbox",
  );
});
