import { request, type IncomingHttpHeaders } from "node:http";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
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
let text: MetricsServerOptions["metricsText"];
let errors: unknown[];

beforeEach(async () => {
  readiness = async () => [];
  text = async () => metrics.text();
  errors = [];
  server = await startMetricsServer({
    metricsHost: host,
    metricsPort: 0,
    metricsText: async () => text(),
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
    const body = "could not find out whether the bot is ready\n";
    expect(await ask("/readyz")).toMatchObject({ status: 503, body });
    expect(errors).toEqual([error]);
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
    body: "this page could not be made: the log says why\n",
  });
  expect(errors).toHaveLength(1);
  expect(await ask("/healthz")).toMatchObject({ status: 200 });
});

/** Connects and sends; nothing that comes back is read before `resume()`. */
async function connectUnread(text: string): Promise<Socket> {
  const socket = connect({ host, port: server.port });
  onTestFinished(() => void socket.destroy());
  // Being cut is the point.
  socket.on("error", () => {});
  socket.pause();
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

/** How many bytes are read from now on until the connection ends. */
async function readToTheEnd(socket: Socket): Promise<number> {
  let length = 0;
  socket.on("data", (part) => (length += part.length)).resume();
  if (!socket.closed) await once(socket, "close");
  return length;
}

const getMetrics = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

describe("whoever connects and does not do their part", () => {
  for (const { name, text } of [
    { name: "ask and never read", text: getMetrics.repeat(100) },
    { name: "never ask", text: "" },
    { name: "never end their asking", text: getMetrics.slice(0, -4) },
  ]) {
    test(`cannot shut out others: 200 that ${name}`, async () => {
      for (let count = 0; count < 200; count += 1) await connectUnread(text);
      for (const path of ["/healthz", "/readyz", "/metrics"]) {
        expect(await ask(path), path).toMatchObject({ status: 200 });
      }
    });
  }

  test("is cut after ten seconds, in the middle of the answer too", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const bytes = 32 * 1024 * 1024;
    const asked = gate<void>();
    text = async () => {
      asked.resolve();
      return { contentType: "text/plain", body: "x".repeat(bytes) };
    };
    const slow = await connectUnread(getMetrics);
    const silent = await connectUnread("");
    await asked.promise;
    await vi.advanceTimersByTimeAsync(9999);
    expect(vi.getTimerCount()).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(await readToTheEnd(silent)).toBe(0);
    const read = await readToTheEnd(slow);
    expect(read).toBeLessThan(bytes);
  });

  test("loses the oldest connection to the sixty-fifth", async () => {
    const first = await connectUnread("");
    const second = await connectUnread("");
    for (let count = 2; count < 64; count += 1) await connectUnread("");
    expect(await ask("/healthz")).toMatchObject({ status: 200 });
    expect(await readToTheEnd(first)).toBe(0);
    second.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(await readToTheEnd(second)).toBeGreaterThan(100);
  });

  test("gets one answer for many requests in one connection", async () => {
    const many = await connectUnread(getMetrics.replace("metrics", "healthz").repeat(100));
    expect(await readToTheEnd(many)).toBeLessThan(1000);
  });
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
  const start = async (metricsHost: string, metricsPort: number) =>
    startMetricsServer({
      metricsHost,
      metricsPort,
      metricsText: () => metrics.text(),
      readiness: async () => [],
      onError: (error) => errors.push(error),
    });

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
      "METRICS_HOST 192.0.2.1 is not an address of this machine",
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
