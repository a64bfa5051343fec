import { request, type IncomingHttpHeaders } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMetrics } from "../../src/metrics/metrics.ts";
import {
  startMetricsServer,
  type MetricsServer,
  type MetricsServerOptions,
} from "../../src/metrics/metrics-server.ts";

const host = "127.0.0.1";
const metrics = createMetrics({ configIds: [] });
let server: MetricsServer;
let readiness: MetricsServerOptions["readiness"];
let text: MetricsServerOptions["metrics"]["text"];
let errors: unknown[];

beforeEach(async () => {
  readiness = async () => [];
  text = async () => metrics.text();
  errors = [];
  server = await startMetricsServer({
    host,
    port: 0,
    metrics: { text: async () => text() },
    readiness: async () => readiness(),
    onError: (error) => errors.push(error),
  });
});

afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

interface Reply {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function ask(path: string, method = "GET", headers = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request({ host, port: server.port, path, method, headers, agent: false });
    asked.on("error", reject);
    asked.on("response", (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (body += part));
      response.on("end", () => {
        resolve({ status: response.statusCode, headers: response.headers, body });
      });
    });
    asked.end();
  });
}

interface Gate<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

function gate<T>(): Gate<T> {
  let open: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (open = resolve));
  return { promise, resolve: (value) => open(value) };
}

test("/metrics is what the metrics say, in their own content type", async () => {
  const reply = await ask("/metrics");
  expect(reply.status).toBe(200);
  expect(reply.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(reply.body).toContain("\naccess_denied_total 0\n");
});

test("/healthz is ok while the process works, whatever is not ready", async () => {
  readiness = async () => ["polling fails"];
  expect(await ask("/healthz")).toMatchObject({ status: 200, body: "ok\n" });
});

describe("/readyz", () => {
  test("is 200 when nothing speaks against it", async () => {
    expect(await ask("/readyz")).toMatchObject({ status: 200, body: "ready\n" });
  });
  test("is 503 with one reason a line, also where a reason has line breaks", async () => {
    readiness = async () => ["polling fails", "gebühren.yml\ncannot be written"];
    const body = "polling fails\ngebühren.yml cannot be written\n";
    expect(await ask("/readyz")).toMatchObject({ status: 503, body });
  });
  test("is 503 without details when the look fails, and the log gets them", async () => {
    const error = new Error("/srv/secret is gone");
    readiness = async () => {
      throw error;
    };
    const body = "whether the bot is ready could not be found out\n";
    expect(await ask("/readyz")).toMatchObject({ status: 503, body });
    expect(errors).toEqual([error]);
  });
  test("is 503 when the look hangs, which is not begun a second time", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let looks = 0;
    const look = gate<readonly string[]>();
    const begun = gate<void>();
    readiness = async () => {
      looks += 1;
      begun.resolve();
      return look.promise;
    };
    const reply = ask("/readyz");
    await begun.promise;
    await vi.advanceTimersByTimeAsync(2000);
    const body = "whether the bot is ready was not found out within 2 s\n";
    expect(await reply).toMatchObject({ status: 503, body });
    const second = ask("/readyz");
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
    look.resolve([]);
    expect(await second).toMatchObject({ status: 200, body: "ready\n" });
    expect(looks).toBe(1);
    expect(await ask("/readyz")).toMatchObject({ status: 200 });
    expect(looks).toBe(2);
  });
});

for (const path of ["/metrics", "/healthz", "/readyz"]) {
  test(`HEAD ${path} has the headers of GET and no body`, async () => {
    text = async () => ({ contentType: "text/plain", body: "same 1\n" });
    const [get, head] = [await ask(path), await ask(path, "HEAD")];
    expect(head).toMatchObject({ status: 200, body: "" });
    expect(head.headers["content-length"]).toBe(String(get.body.length));
    expect(head.headers["content-type"]).toBe(get.headers["content-type"]);
  });
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    test(`${method} ${path} is refused with what is allowed`, async () => {
      const reply = await ask(path, method);
      expect(reply.status).toBe(405);
      expect(reply.headers.allow).toBe("GET, HEAD");
    });
  }
}

for (const path of ["/", "/metrics/", "/Metrics", "/metrics%00", "//metrics", "/../metrics", "*"]) {
  test(`there is nothing at ${path}`, async () => {
    expect(await ask(path)).toMatchObject({ status: 404, body: "not found\n" });
  });
}

test("a query does not matter", async () => {
  expect(await ask("/healthz?now=1")).toMatchObject({ status: 200, body: "ok\n" });
});

test("no answer is stored or guessed at, whatever its status", async () => {
  readiness = async () => ["no"];
  for (const path of ["/metrics", "/healthz", "/readyz", "/nothing"]) {
    const { headers } = await ask(path);
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  }
});

test("metrics that cannot be collected are 500 without details, and the log gets them", async () => {
  text = async () => {
    throw new Error("/srv/secret");
  };
  const reply = await ask("/metrics");
  expect(reply).toMatchObject({
    status: 500,
    body: "this page could not be made; the log says why\n",
  });
  expect(errors).toHaveLength(1);
  expect(await ask("/healthz")).toMatchObject({ status: 200 });
});

test("headers over 8 kB are refused", async () => {
  expect(await ask("/healthz", "GET", { "X-Long": "x".repeat(9000) })).toMatchObject({
    status: 431,
  });
});

test("port 0 is some port, and it is told", () => {
  expect(server.port).toBeGreaterThan(0);
});

describe("an address that cannot be had is told in a sentence that names the setting", () => {
  const start = async (host: string, port: number) =>
    startMetricsServer({ host, port, metrics, readiness: async () => [] });

  test("a taken port", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, host, resolve));
    const { port } = other.address() as AddressInfo;
    await expect(start(host, port)).rejects.toThrow(
      `METRICS_PORT ${port} on METRICS_HOST ${host} is taken by another program: stop that one, or set METRICS_PORT to a free port (0 picks one)`,
    );
    await new Promise((resolve) => other.close(resolve));
    const later = await start(host, port);
    expect(later.port).toBe(port);
    await later.close();
  });
  test("a host that is not this machine", async () => {
    // 192.0.2.0/24 is for documentation and nobody's: RFC 5737.
    await expect(start("192.0.2.1", 0)).rejects.toThrow(
      "METRICS_HOST 192.0.2.1 is no address of this machine",
    );
  });
});

describe("a stop", () => {
  test("is done once and refuses whoever comes later", async () => {
    await ask("/healthz");
    await Promise.all([server.close(), server.close()]);
    await server.close();
    await expect(ask("/healthz")).rejects.toThrow("ECONNREFUSED");
  });
  test("waits for an answer under way", async () => {
    const begun = gate<void>();
    const collected = gate<void>();
    text = async () => {
      begun.resolve();
      await collected.promise;
      return { contentType: "text/plain", body: "late 1\n" };
    };
    const reply = ask("/metrics");
    await begun.promise;
    const closed = server.close();
    collected.resolve();
    expect(await reply).toMatchObject({ status: 200, body: "late 1\n" });
    await closed;
  });
  test("cuts an answer that does not come within a second", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const begun = gate<void>();
    text = async () => {
      begun.resolve();
      return new Promise(() => undefined);
    };
    const reply = expect(ask("/metrics")).rejects.toThrow();
    await begun.promise;
    const closed = server.close();
    await vi.advanceTimersByTimeAsync(1000);
    await closed;
    await reply;
  });
});
