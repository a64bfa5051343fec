import type { RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { askForProof } from "../../src/service/ask-service.ts";
import { serve } from "../local-server.ts";
import { version } from "./served-version.ts";

const { sha256 } = version;

function ask(url: string, timeoutMs = 60_000): ReturnType<typeof askForProof> {
  const limits = { timeoutMs, signal: new AbortController().signal };
  return askForProof({ kind: "url", url: `${url}/config` }, version, limits);
}

function unproven(why: object): object {
  return { step: "verify", why, output: "" };
}

describe("an address proves it", () => {
  for (const { name, answer } of [
    {
      name: "by the hash in its answer",
      answer: (response) => response.end(`config ${sha256.toUpperCase()}`),
    },
    {
      name: "by the revision in a header",
      answer: (response) => response.writeHead(204, { "X-Config-Revision": "12" }).end(),
    },
    {
      name: "by an answer that never ends, where its beginning has the hash",
      answer: (response) => response.write(sha256 + "x".repeat(2 * 1024 * 1024)),
    },
  ] satisfies readonly {
    readonly name: string;
    readonly answer: (response: Parameters<RequestListener>[1]) => void;
  }[]) {
    test(name, async () => {
      const url = await serve((_request, response) => void answer(response));
      expect(await ask(url)).toEqual("done");
    });
  }

  test("where it sends the request on within its host", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/config") response.writeHead(302, { location: "/now" }).end();
      else response.end(request.url === "/now" ? sha256 : "");
    });
    expect(await ask(url)).toEqual("done");
  });
});

describe("an address does not prove it", () => {
  for (const { name, answer, why, timeoutMs } of [
    {
      name: "with another version's hash and revision",
      answer: (response) =>
        response.writeHead(200, { "X-Config-Revision": "11" }).end(sha256.replace("0", "f")),
      why: { code: "other_version" },
    },
    {
      name: "with the hash in an answer that is no success",
      answer: (response) => response.writeHead(500).end(sha256),
      why: { code: "status", status: 500 },
    },
    {
      name: "by sending the request round and round",
      answer: (response) => response.writeHead(302, { location: "/config" }).end(sha256),
      why: { code: "sent_away" },
    },
    {
      name: "with the hash after more than a megabyte",
      answer: (response) => response.end("x".repeat(1024 * 1024) + sha256),
      why: { code: "other_version" },
    },
    {
      name: "by an answer that breaks off",
      answer: (response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write(sha256, () => response.destroy());
      },
      why: { code: "unreachable" },
    },
    {
      name: "by no answer in time",
      answer: () => {},
      why: { code: "too_slow", limitMs: 1500 },
      timeoutMs: 1500,
    },
  ] satisfies readonly {
    readonly name: string;
    readonly answer: (response: Parameters<RequestListener>[1]) => void;
    readonly why: object;
    readonly timeoutMs?: number;
  }[]) {
    test(name, async () => {
      const url = await serve((_request, response) => void answer(response));
      expect(await ask(url, timeoutMs)).toEqual(unproven(why));
    });
  }

  test("with the hash on another host, which is not even asked", async () => {
    let isAsked = false;
    const other = await serve((_request, response) => {
      isAsked = true;
      response.end(sha256);
    });
    // Another name of this very machine.
    const location = other.replace("127.0.0.1", "localhost");
    const url = await serve(
      (_request, response) => void response.writeHead(302, { location }).end(),
    );
    expect(await ask(url)).toEqual(unproven({ code: "sent_away" }));
    expect(isAsked).toBe(false);
  });

  test("where nobody listens", async () => {
    expect(await ask("http://127.0.0.1:1")).toEqual(unproven({ code: "unreachable" }));
  });
});
