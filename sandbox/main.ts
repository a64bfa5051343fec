// `npm run sandbox`: starts it, prints one address, and leaves nothing behind. With `--airlock-file` on a catalog of one's own.
import { dirname, join, resolve } from "node:path";
import { inspect, parseArgs } from "node:util";
import { etcdMissing } from "./machine-stage.ts";
import { startPageServer } from "./page-server.ts";
import { CatalogRefused, type SandboxOptions, startSandbox } from "./sandbox.ts";

const portDefault = 8081;
const portMax = 65_535;

const machinesMax = 9;

const usage = `Usage: npm run sandbox -- [--machines N] [--airlock-file FILE] [--config-dir FOLDER]
  --machines      how many machines follow a store in etcd, up to ${machinesMax}; without it, the bot keeps everything on its own disk
  --airlock-file  a catalog of your own; without it, the configs that come with Airlock
  --config-dir    where its configs are; by default the folder config beside it
  They are copied, so nothing of yours is changed.`;

const port = Number(process.env["SANDBOX_PORT"] ?? portDefault);
const asked = readArguments();
if (asked.kind === "wrong") {
  fail(`${asked.why}\n${usage}`);
} else if (Number.isInteger(port) && port >= 0 && port <= portMax) {
  await run(asked.options);
} else {
  fail(`SANDBOX_PORT must be a whole number from 0 to ${portMax}.`);
}

type Arguments =
  | { readonly kind: "read"; readonly options: SandboxOptions }
  | { readonly kind: "wrong"; readonly why: string };

function readArguments(): Arguments {
  let values: {
    readonly machines?: string;
    readonly "airlock-file"?: string;
    readonly "config-dir"?: string;
  };
  try {
    const options = {
      machines: { type: "string" },
      "airlock-file": { type: "string" },
      "config-dir": { type: "string" },
    } as const;
    ({ values } = parseArgs({ options }));
  } catch (error) {
    return { kind: "wrong", why: error instanceof Error ? error.message : String(error) };
  }
  const { machines = "0", "airlock-file": file, "config-dir": folder } = values;
  const machineCount = Number(machines);
  if (!Number.isInteger(machineCount) || machineCount < 0 || machineCount > machinesMax) {
    return { kind: "wrong", why: `--machines must be a whole number from 1 to ${machinesMax}.` };
  }
  if (file === undefined) {
    return folder === undefined
      ? { kind: "read", options: { own: undefined, machineCount } }
      : { kind: "wrong", why: "--config-dir needs --airlock-file." };
  }
  // npm starts programs in the project's folder, and says where it was asked.
  const from = process.env["INIT_CWD"] ?? process.cwd();
  const airlockFile = resolve(from, file);
  const configDir =
    folder === undefined ? join(dirname(airlockFile), "config") : resolve(from, folder);
  return {
    kind: "read",
    options: { own: { airlockFile, shownAs: file, configDir }, machineCount },
  };
}

async function run(options: SandboxOptions): Promise<void> {
  if (options.machineCount > 0 && etcdMissing !== undefined) return fail(etcdMissing);
  const interrupted = new Promise<void>((resolve) => {
    // Kept after the first: npm passes on the Ctrl-C that the terminal has sent already, and cleaning up takes a moment.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
  });
  const sandbox = await startSandbox(options).catch((error: unknown) => {
    if (!(error instanceof CatalogRefused)) throw error;
    fail(error.message);
  });
  if (sandbox === undefined) return;
  try {
    const page = await startPageServer(sandbox, port);
    process.stdout.write(`\n  Airlock's sandbox: ${page.address}\n  Ctrl-C ends it.\n\n`);
    await Promise.race([interrupted, mistake()]);
    await page.close();
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  } finally {
    await sandbox.close().catch((error: unknown) => fail(inspect(error)));
  }
  process.exit();
}

/** The sandbox's own, which is printed: it ends the sandbox, but what was started is ended as well. */
function mistake(): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ["uncaughtException", "unhandledRejection"]) {
      process.on(event, (error: unknown) => {
        fail(inspect(error));
        resolve();
      });
    }
  });
}

function fail(problem: string): void {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
