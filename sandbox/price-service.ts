// A small service beside the bot that charges by fees.yml, as a real one would: it reads the file when it is told to, says which version it
// runs with, and can be made to refuse the next one.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";

const host = "127.0.0.1";
/** By a program and its arguments, as rules have it: no shell, and nothing that a machine may lack. */
const tell =
  "fetch(process.argv[1],{method:'POST'}).then(async(r)=>{console.log(await r.text());process.exitCode=r.ok?0:1})";

interface PriceServiceView {
  /** As the file has it; null where it has none. */
  readonly makerFee: string | null;
  readonly refusesNext: boolean;
}

export interface PriceService {
  readonly view: PriceServiceView;
  /** The rule by which Airlock has it take a file, as the catalog has it. */
  readonly rule: string;
  /** The next file is not taken. */
  refuseNext(): void;
  /** Takes the file as it is. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** @param onChange - told whenever its view is another */
export async function startPriceService(path: string, onChange: () => void): Promise<PriceService> {
  let sha256 = "";
  let makerFee: string | null = null;
  let refusesNext = false;

  async function take(): Promise<void> {
    const bytes = await readFile(path).catch(() => Buffer.of());
    sha256 = createHash("sha256").update(bytes).digest("hex");
    makerFee = /^maker_percent:\s*([\d.]+)/m.exec(bytes.toString("utf8"))?.[1] ?? null;
    refusesNext = false;
    onChange();
  }

  async function reload(response: ServerResponse): Promise<void> {
    if (refusesNext) {
      refusesNext = false;
      onChange();
      response.writeHead(422).end("The price service does not take this file.");
      return;
    }
    await take();
    response.end("taken");
  }

  const server = createServer((request, response) => {
    if (request.method === "POST") void reload(response);
    else response.end(sha256);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  const url = `http://${host}:${typeof address === "object" ? (address?.port ?? 0) : 0}`;
  await take();
  return {
    get view() {
      return { makerFee, refusesNext };
    },
    rule: `apply: { run: ${JSON.stringify([process.execPath, "-e", tell, url])}, verify: '${url}', within: 10s }`,
    refuseNext() {
      refusesNext = true;
      onChange();
    },
    restart: take,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
