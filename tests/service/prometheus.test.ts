// What a guard's query comes to: answered by a tiny HTTP server here, and by a real Prometheus where there is one.
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import type { Guard } from "../../src/model/rules.ts";
import { readGuard } from "../../src/service/prometheus.ts";
import { serve } from "../local-server.ts";

type Answer = (response: ServerResponse, url: URL) => unknown;

async function servePrometheus(answer: Answer): Promise<string> {
  return serve((request, response) => {
    answer(response, new URL(request.url ?? "/", "http://localhost"));
  });
}

const vector = (...values: readonly string[]): string =>
  JSON.stringify({
    status: "success",
    data: {
      resultType: "vector",
      result: values.map((value) => ({ metric: { a: value }, value: [1795850570.123, value] })),
    },
  });

function guard(prometheus: string, fails: Guard["fails"] = { operator: ">", bound: 5 }): Guard {
  return { prometheus, query: 'sum(rate(e_total{a="b&c"}[1m]))', fails, duringMs: 1, everyMs: 1 };
}

const never = new AbortController().signal;

describe("one number is known", () => {
  for (const { name, value, operator, bound, kind } of [
    { name: "above the bound", value: "5.1", operator: ">", bound: 5, kind: "fails" },
    { name: "at the bound", value: "5", operator: ">", bound: 5, kind: "passes" },
    {
      name: "at the bound, which belongs to it",
      value: "5",
      operator: ">=",
      bound: 5,
      kind: "fails",
    },
    { name: "below the bound", value: "-1", operator: "<", bound: 0, kind: "fails" },
    {
      name: "at a lower bound that belongs to it",
      value: "0",
      operator: "<=",
      bound: 0,
      kind: "fails",
    },
    { name: "equal", value: "1e+00", operator: "==", bound: 1, kind: "fails" },
    { name: "not equal", value: "1", operator: "!=", bound: 1, kind: "passes" },
    { name: "without end", value: "+Inf", operator: ">", bound: 5, kind: "fails" },
    { name: "without end below", value: "-Inf", operator: ">", bound: 5, kind: "passes" },
  ] as const) {
    test(`${name}: ${value} ${kind} for ${operator} ${bound}`, async () => {
      const address = await servePrometheus((response) => response.end(vector(value)));
      expect(await readGuard(guard(address, { operator, bound }), never)).toMatchObject({
        kind,
        value,
      });
    });
  }

  test("a scalar is one, and the query arrives as it is, below the address's path", async () => {
    let asked: URL | undefined;
    const address = await servePrometheus((response, url) => {
      asked = url;
      response.end('{"status":"success","data":{"resultType":"scalar","result":[1,"7"]}}');
    });
    expect(await readGuard(guard(`${address}/prom/`), never)).toMatchObject({ kind: "fails" });
    expect(asked?.pathname).toBe("/prom/api/v1/query");
    expect(asked?.searchParams.get("query")).toBe('sum(rate(e_total{a="b&c"}[1m]))');
  });
});

describe("everything else is unknown", () => {
  for (const { name, answer, because } of [
    { name: "no series", answer: (r) => r.end(vector()), because: "no_series" },
    { name: "several series", answer: (r) => r.end(vector("1", "2")), because: "several_series" },
    { name: "NaN", answer: (r) => r.end(vector("NaN")), because: "not_a_number" },
    { name: "an empty value", answer: (r) => r.end(vector("")), because: "not_a_number" },
    {
      name: "a query that is refused",
      answer: (r) => r.writeHead(400).end('{"status":"error","errorType":"bad_data","error":"x"}'),
      because: "refused",
    },
    { name: "an error", answer: (r) => r.writeHead(500).end("oops"), because: "no_answer" },
    { name: "a proxy's page", answer: (r) => r.end("<html>"), because: "no_answer" },
    { name: "JSON of another shape", answer: (r) => r.end('{"data":[]}'), because: "no_answer" },
    {
      name: "a range",
      answer: (r) => r.end('{"status":"success","data":{"resultType":"matrix","result":[]}}'),
      because: "no_answer",
    },
    {
      name: "half an answer",
      answer: (r) => r.end(vector("7").slice(0, -9)),
      because: "no_answer",
    },
    { name: "a connection that is cut", answer: (r) => r.destroy(), because: "no_answer" },
    {
      name: "an answer without an end",
      answer: (r) => {
        const more = (): void => {
          while (!r.destroyed && r.write("x".repeat(65_536)));
          if (!r.destroyed) r.once("drain", more);
        };
        more();
      },
      because: "no_answer",
    },
    { name: "no answer within 5 seconds", answer: () => {}, because: "too_slow" },
  ] satisfies readonly { name: string; answer: Answer; because: string }[]) {
    test(name, async () => {
      const address = await servePrometheus(answer);
      expect(await readGuard(guard(address), never)).toEqual({ kind: "unknown", because });
    });
  }

  test("nobody there", async () => {
    expect(await readGuard(guard("http://127.0.0.1:1"), never)).toEqual({
      kind: "unknown",
      because: "no_answer",
    });
  });
});
