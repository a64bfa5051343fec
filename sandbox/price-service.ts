// A small service beside the bot that charges by fees.yml, as a real one would: it reads the file when it is told to, says which version it
// runs with, and can be made to refuse the next one. Where there are several machines, each has it, for the file there.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";

const host = "127.0.0.1";
/** By programs and their arguments, as rules have them: no shell, and nothing that a machine may lack. */
const place = "process.argv[1]+'?file='+encodeURIComponent(process.env.AIRLOCK_CONFIG_FILE)";
const tell = `fetch(${place},{method:'POST'}).then(async(r)=>{console.log(await r.text());process.exitCode=r.ok?0:1})`;
const verify = `fetch(${place}).then(async(r)=>{process.exitCode=await r.text()===process.env.AIRLOCK_SHA256?0:1})`;

/** With which it runs on one machine. */
interface Taken {
  readonly sha256: string;
  /** As the file has it; null where it has none. */
  readonly makerFee: string | null;
}

export interface PriceService {
  readonly refusesNext: boolean;
  /** By the file at this path; null where that has none, or is not served. */
  makerFee(path: string): string | null;
  /** The rule by which Airlock has it take a file, as the catalog has it. */
  readonly rule: string;
  /** Serves the file at this path as well, from when it is told to take it. */
  serve(path: string): void;
  /** The next file is not taken, wherever that is. */
  refuseNext(): void;
  /** Serves the main file alone, as it is. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param mainPath - absolute and real, as all paths here
 * @param onChange - told whenever what it says of itself is something else
 */
export async function startPriceService(
  mainPath: string,
  onChange: () => void,
): Promise<PriceService> {
  const served = new Map<string, Taken | undefined>();
  let refusesNext = false;

  async function take(path: string): Promise<void> {
    const bytes = await readFile(path).catch(() => Buffer.of());
    served.set(path, {
      sha256: createHash("sha256").update(bytes).digest("hex"),
      makerFee: /^maker_percent:\s*([\d.]+)/m.exec(bytes.toString("utf8"))?.[1] ?? null,
    });
    onChange();
  }

  async function restart(): Promise<void> {
    refusesNext = false;
    served.clear();
    await take(mainPath);
  }

  async function reload(path: string, response: ServerResponse): Promise<void> {
    if (refusesNext) {
      refusesNext = false;
      onChange();
      response.writeHead(422).end("The price service does not take this file.");
      return;
    }
    await take(path);
    response.end("taken");
  }

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://service").searchParams.get("file") ?? "";
    if (!served.has(path)) response.writeHead(404).end();
    else if (request.method === "POST") void reload(path, response);
    else response.end(served.get(path)?.sha256);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  const url = `http://${host}:${typeof address === "object" ? (address?.port ?? 0) : 0}`;
  await restart();
  const program = (script: string): string => JSON.stringify([process.execPath, "-e", script, url]);
  return {
    get refusesNext() {
      return refusesNext;
    },
    makerFee: (path) => served.get(path)?.makerFee ?? null,
    rule: `apply: { run: ${program(tell)}, verify: ${program(verify)}, within: 10s }`,
    serve(path) {
      if (!served.has(path)) served.set(path, undefined);
    },
    refuseNext() {
      refusesNext = true;
      onChange();
    },
    restart,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
