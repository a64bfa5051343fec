// Draws charts in a thread of its own, which is there only while somebody wants charts: what it loads takes some 60 MB.
import { Worker } from "node:worker_threads";
import type { Chart, ChartDrawer } from "../model/chart.ts";

export interface ChartDrawerOptions {
  /** For starting the thread and drawing one chart. Default 10 s. */
  readonly timeoutMs?: number;
  /** How long the thread waits for another chart. Default 30 s. */
  readonly idleMs?: number;
}

const heapMegabytesMax = 256;

/** Under vitest the sources run as they are, but a worker is always the built file. */
function builtWorkerUrl(): URL {
  return import.meta.url.endsWith(".ts")
    ? new URL("../../dist/chart/chart-worker.js", import.meta.url)
    : new URL("./chart-worker.js", import.meta.url);
}

export function createChartDrawer({
  timeoutMs = 10_000,
  idleMs = 30_000,
}: ChartDrawerOptions = {}): ChartDrawer {
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function start(): Worker {
    clearTimeout(idle);
    if (thread !== undefined) return thread;
    // Nothing of what a library prints may come between the lines of the log.
    const started = new Worker(builtWorkerUrl(), {
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
      stdout: true,
      stderr: true,
    });
    started.unref();
    // Whoever waits for a chart hears of it as well.
    started.on("error", () => {});
    started.on("exit", () => {
      if (thread === started) thread = undefined;
    });
    thread = started;
    return started;
  }

  function end(): Promise<unknown> {
    clearTimeout(idle);
    const ended = thread;
    thread = undefined;
    return ended?.terminate() ?? Promise.resolve();
  }

  function endLater(): void {
    clearTimeout(idle);
    idle = setTimeout(() => void end(), idleMs);
    idle.unref();
  }

  async function drawNow(chart: Chart): Promise<Uint8Array | undefined> {
    const drawn = await drawIn(start(), chart, timeoutMs);
    if (drawn === undefined) await end();
    else endLater();
    return drawn;
  }

  return {
    prepare() {
      start();
      endLater();
    },
    draw(chart) {
      const drawing = last.then(() => drawNow(chart));
      last = drawing.catch(() => {});
      return drawing;
    },
    async close() {
      await end();
    },
  };
}

/** @returns undefined where it takes too long; the thread still works then */
function drawIn(worker: Worker, chart: Chart, timeoutMs: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      worker.unref();
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
    };
    const timer = setTimeout(() => {
      stop();
      resolve(undefined);
    }, timeoutMs);
    const onMessage = (png: Uint8Array): void => {
      stop();
      resolve(png);
    };
    const onError = (cause: unknown): void => {
      stop();
      reject(new Error("the thread that draws charts failed", { cause }));
    };
    const onExit = (code: number): void => onError(new Error(`it ended with code ${code}`));
    worker.ref();
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(chart);
  });
}
