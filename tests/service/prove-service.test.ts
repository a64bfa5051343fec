import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Apply } from "../../src/model/rules.ts";
import { proveService } from "../../src/service/prove-service.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { serve } from "../local-server.ts";
import { version } from "./served-version.ts";

const never = new AbortController().signal;
const { sha256 } = version;
const taken = { run: ["/bin/true"], withinMs: 60_000 };

function byUrl(url: string): Apply {
  return { ...taken, verify: { kind: "url", url: `${url}/config` } };
}

test("without a proof that is asked for, a command that ends well has only told the service", async () => {
  expect(await proveService({ ...taken, verify: null }, version, never)).toEqual({ kind: "told" });
});

test("the command and the proof know the file, its revision and its hash", async () => {
  const folder = await temporaryFolder();
  const facts = 'echo "$AIRLOCK_CONFIG $AIRLOCK_CONFIG_FILE $AIRLOCK_REVISION $AIRLOCK_SHA256"';
  const told = ["/bin/sh", "-c", `${facts} > told`.replace("told", join(folder, "told"))];
  const asked = ["/bin/sh", "-c", `${facts} > asked`.replace("asked", join(folder, "asked"))];
  const apply: Apply = { ...taken, run: told, verify: { kind: "command", argv: asked } };
  expect(await proveService(apply, version, never)).toEqual({ kind: "proven" });
  for (const file of ["told", "asked"]) {
    expect(await readFile(join(folder, file), "utf8")).toBe(`fees /srv/fees.yml 12 ${sha256}\n`);
  }
});

test("a command that fails is refused, with what it printed, and nobody asks for the proof", async () => {
  const folder = await temporaryFolder();
  const asked = join(folder, "asked");
  const apply: Apply = {
    ...taken,
    run: ["/bin/sh", "-c", "echo 'no such unit'; exit 5"],
    verify: { kind: "command", argv: ["/usr/bin/touch", asked] },
  };
  const fault = { step: "run", why: { code: "exited", exitCode: 5 }, output: "no such unit" };
  expect(await proveService(apply, version, never)).toEqual({ kind: "refused", fault });
  await expect(readFile(asked)).rejects.toThrow("ENOENT");
});

test("it is asked again and again, until it has proven it", async () => {
  let asked = 0;
  const url = await serve((_request, response) => {
    asked += 1;
    response.writeHead(asked < 3 ? 503 : 200).end(sha256);
  });
  expect(await proveService(byUrl(url), version, never)).toEqual({ kind: "proven" });
  expect(asked).toBe(3);
});

test("a proof that fails once is asked for again", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "tried");
  const script = `if [ -e ${path} ]; then exit 0; fi; touch ${path}; echo 'not yet'; exit 1`;
  const apply: Apply = { ...taken, verify: { kind: "command", argv: ["/bin/sh", "-c", script] } };
  expect(await proveService(apply, version, never)).toEqual({ kind: "proven" });
});

test("where the time is over without a proof, what the service said last is the reason", async () => {
  const url = await serve((_request, response) => void response.writeHead(503).end());
  // Long enough for the command on a machine that is busy.
  const proof = await proveService({ ...byUrl(url), withinMs: 4000 }, version, never);
  const fault = { step: "verify", why: { code: "status", status: 503 }, output: "" };
  expect(proof).toEqual({ kind: "refused", fault });
});

test("it ends when it is not wanted any more", async () => {
  const stop = new AbortController();
  const url = await serve((_request, response) => {
    response.writeHead(503).end();
    stop.abort();
  });
  expect(await proveService(byUrl(url), version, stop.signal)).toEqual({ kind: "stopped" });
});
