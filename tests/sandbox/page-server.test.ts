import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

let sandbox: SandboxProcess;
beforeAll(async () => {
  sandbox = await startSandboxProcess();
});
afterAll(() => sandbox.dispose());

/** fetch does not let one choose the Host. */
function status(
  address: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  method = "GET",
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${address}${path}`, { headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject);
    sent.end();
  });
}

test("the page is served to this machine's own browser, and to no other site that is open in it", async () => {
  const { address } = sandbox;
  const { host, port } = new URL(address);
  expect(await status(address, "/", {})).toBe(200);
  expect(await status(address, "/", { host: `localhost:${port}` })).toBe(200);
  expect(await status(address, "/", { host: "evil.example" })).toBe(403);
  expect(await status(address, "/api/events", { host: `evil.example:${port}` })).toBe(403);
  expect(
    await status(address, "/api/stories/race", { host, origin: "http://evil.example" }, "POST"),
  ).toBe(403);
  expect(
    await status(address, "/api/stories/race", { host, "sec-fetch-site": "cross-site" }, "POST"),
  ).toBe(403);
  expect(await status(address, "/api/stranger", { host, origin: address }, "POST")).toBe(200);
});

test("only what belongs to the page can be read", async () => {
  const { address } = sandbox;
  for (const path of [
    "/page/../main.js",
    "/page/%2e%2e%2fmain.js",
    "/page/constructor",
    "/api/live/..%2f..%2fpackage.json",
    "/api/backups/.live",
    "/api/backups/..%2fconfig%2ffees.yml",
    "/api/documents/nothing",
    "/api/people/999/menu",
    "/api/examples/other",
  ]) {
    expect([path, await status(address, path, {})]).toEqual([path, 404]);
  }
  expect(await status(address, "/api/live/fees", {})).toBe(200);
});

test("what is larger than a document may be is refused", async () => {
  const body = Buffer.alloc(22 * 1024 * 1024);
  const { status: answered } = await fetch(`${sandbox.address}/api/people/1001/text`, {
    method: "POST",
    body,
  });
  expect(answered).toBe(413);
});

test("a taken port is told in one clear line", async () => {
  const { address } = sandbox;
  const port = Number(new URL(address).port);
  await expect(startSandboxProcess({ port })).rejects.toThrow(
    `Port ${port} is taken. Set SANDBOX_PORT to another one, or to 0 for any that is free.\n`,
  );
});

test("at the end, Ctrl-C ends the bot's process well and leaves nothing behind", async () => {
  expect(await sandbox.leftovers()).toHaveLength(1);
  expect(await sandbox.interrupt()).toBe(0);
  expect(await sandbox.leftovers()).toEqual([]);
});
