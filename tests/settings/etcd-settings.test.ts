// The settings of the store in etcd: what is taken, and that every problem is one line without the password.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { describe, expect, test } from "vitest";
import { readCatalog } from "../../src/catalog/read-catalog.ts";
import { readSettings, type Settings } from "../../src/settings/settings.ts";
import type { Parsed } from "../../src/settings/reading.ts";
import { temporaryFolder } from "../temporary-folder.ts";

type Variables = Readonly<Record<string, string>>;

const needed = { BOT_TOKEN: "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_", ADMIN_IDS: "1001" };

async function read(set: Variables, files: Variables = {}): Promise<Parsed<Settings>> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "config"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return readSettings({ ...needed, ...set }, folder, readCatalog);
}

test("endpoints alone are enough, and the prefix has a default", async () => {
  const parsed = await read({
    ETCD_ENDPOINTS: "http://10.0.0.1:2379, https://etcd-2.internal:2379/",
  });
  expect(parsed.ok && parsed.settings.etcd).toEqual({
    endpoints: [new URL("http://10.0.0.1:2379"), new URL("https://etcd-2.internal:2379")],
    prefix: "/airlock/",
    user: undefined,
    ca: undefined,
  });
});

test("a prefix gets its slash, an account its password without the line's end, an authority its certificate", async () => {
  const set = {
    ETCD_ENDPOINTS: "https://10.0.0.1:2379",
    ETCD_PREFIX: "/team",
    ETCD_USERNAME: "airlock",
    ETCD_PASSWORD_FILE: "password",
    ETCD_CA_FILE: "ca.pem",
  };
  const parsed = await read(set, {
    password: "geheim wort\n",
    "ca.pem": rootCertificates[0] ?? "",
  });
  expect(parsed.ok && parsed.settings.etcd).toMatchObject({
    prefix: "/team/",
    user: { name: "airlock", password: "geheim wort" },
    ca: expect.stringContaining("BEGIN CERTIFICATE"),
  });
});

test("without endpoints the rest of it means nothing", async () => {
  const parsed = await read({
    ETCD_PREFIX: "/team/",
    ETCD_USERNAME: "x",
    MAX_UPLOAD_BYTES: "2000000",
  });
  expect(parsed.ok && parsed.settings.etcd).toBeUndefined();
});

const endpoints =
  "ETCD_ENDPOINTS must be up to 16 addresses such as http://10.0.0.1:2379, separated by commas, each without a path or an account";

describe("a wrong value is one problem that says what would be right", () => {
  for (const { name, set, problem } of [
    {
      name: "an endpoint without http",
      set: { ETCD_ENDPOINTS: "10.0.0.1:2379" },
      problem: `${endpoints}, got "10.0.0.1:2379"`,
    },
    {
      name: "an endpoint with a path",
      set: { ETCD_ENDPOINTS: "http://10.0.0.1:2379/v3" },
      problem: `${endpoints}, got "http://10.0.0.1:2379/v3"`,
    },
    {
      name: "an endpoint with a password, which is not shown",
      set: { ETCD_ENDPOINTS: "http://root:geheim@10.0.0.1:2379" },
      problem: endpoints,
    },
    { name: "nothing but commas", set: { ETCD_ENDPOINTS: "," }, problem: `${endpoints}, got ""` },
    {
      name: "a prefix with a space",
      set: { ETCD_PREFIX: "/air lock/" },
      problem:
        'ETCD_PREFIX must be 1 to 200 letters, digits and "/", ".", "_", "-", such as /airlock/, got "/air lock/"',
    },
    {
      name: "an account without a password",
      set: { ETCD_USERNAME: "airlock" },
      problem:
        "ETCD_PASSWORD_FILE must be set too: an etcd account is ETCD_USERNAME and ETCD_PASSWORD_FILE",
    },
    {
      name: "a password without an account",
      set: { ETCD_PASSWORD_FILE: "x" },
      problem:
        "ETCD_USERNAME must be set too: an etcd account is ETCD_USERNAME and ETCD_PASSWORD_FILE",
    },
    {
      name: "a password's file that is not there",
      set: { ETCD_USERNAME: "airlock", ETCD_PASSWORD_FILE: "nope" },
      problem:
        'ETCD_PASSWORD_FILE must name a file that holds the password of ETCD_USERNAME (no such file), got "nope"',
    },
    {
      name: "an authority that is none",
      set: { ETCD_CA_FILE: ".env" },
      problem:
        'ETCD_CA_FILE must name a file of certificates in PEM form (it holds none), got ".env"',
    },
    {
      name: "uploads that etcd would not take",
      set: { MAX_UPLOAD_BYTES: "1048577" },
      problem:
        'MAX_UPLOAD_BYTES must be at most 1048576 (1 MiB) with ETCD_ENDPOINTS: etcd accepts no more at once, got "1048577"',
    },
  ]) {
    test(name, async () => {
      const parsed = await read(
        { ETCD_ENDPOINTS: "http://10.0.0.1:2379", ...set },
        { ".env": "\n" },
      );
      expect(parsed.ok ? [] : parsed.problems).toEqual([problem]);
    });
  }
});

test("all problems are told at once", async () => {
  const parsed = await read({
    ETCD_ENDPOINTS: "x",
    ETCD_PREFIX: "?",
    ETCD_USERNAME: "x",
    ETCD_CA_FILE: "x",
    MAX_UPLOAD_BYTES: "1048577",
  });
  expect(parsed.ok ? [] : parsed.problems.map((line) => line.split(" ")[0])).toEqual([
    "MAX_UPLOAD_BYTES",
    "ETCD_ENDPOINTS",
    "ETCD_PREFIX",
    "ETCD_PASSWORD_FILE",
    "ETCD_CA_FILE",
  ]);
});
