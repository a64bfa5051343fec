// `npm run sandbox`: starts it, prints one address, and leaves nothing behind.
import { startPageServer } from "./page-server.ts";
import { startSandbox } from "./sandbox.ts";

const portDefault = 8081;
const portMax = 65_535;

const port = Number(process.env["SANDBOX_PORT"] ?? portDefault);
if (Number.isInteger(port) && port >= 0 && port <= portMax) {
  await run();
} else {
  fail(`SANDBOX_PORT must be a whole number from 0 to ${portMax}.`);
}

async function run(): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  const sandbox = await startSandbox();
  try {
    const page = await startPageServer(sandbox, port);
    process.stdout.write(`\n  Airlock's sandbox: ${page.address}\n  Ctrl-C ends it.\n\n`);
    await interrupted;
    await page.close();
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  } finally {
    await sandbox.close();
  }
  process.exit();
}

function fail(problem: string): void {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
