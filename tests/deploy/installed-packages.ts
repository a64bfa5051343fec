// A registry of what `npm ci` has put into this project, so that a real `npm install` needs no network and no cache: packages are
// packed from node_modules as they are asked for.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({ version: z.string(), dev: z.boolean().default(false) }),
  ),
});

export interface InstalledPackages {
  /** To be given to npm as its registry. */
  readonly address: string;
  close(): Promise<void>;
}

/** Has what runs in production, and nothing else. */
export async function serveInstalledPackages(): Promise<InstalledPackages> {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
  const production = Object.entries(packages).filter(([path, { dev }]) => path !== "" && !dev);

  async function answer(path: string, response: ServerResponse): Promise<void> {
    if (path.startsWith("tarball/")) {
      response.end(await pack(path.slice("tarball/".length)));
      return;
    }
    const versions = production
      .filter(([place]) => place.endsWith(`node_modules/${path}`))
      .map(([place, locked]) => ({ place, locked, version: locked.version }));
    const newest = versions.at(-1);
    if (newest === undefined) {
      response.writeHead(404).end("{}");
      return;
    }
    const described = await Promise.all(
      versions.map(async ({ place, locked, version }) => {
        // Of packages for other machines there is only what the lockfile says; nobody fetches them.
        const own = await readFile(join(place, "package.json"), "utf8").catch(() => "{}");
        const tarball = `${address}/tarball/${place}`;
        return [version, { name: path, ...locked, ...JSON.parse(own), dist: { tarball } }];
      }),
    );
    response.end(
      JSON.stringify({
        name: path,
        "dist-tags": { latest: newest.version },
        versions: Object.fromEntries(described),
      }),
    );
  }

  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "/").slice(1));
    answer(path, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const at = server.address();
  if (at === null || typeof at === "string") throw new Error("no port");
  const address = `http://127.0.0.1:${at.port}`;
  return {
    address,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** As npm packs, but uncompressed, which npm takes as well: everything in a folder `package`. */
async function pack(place: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "airlock-pack-"));
  try {
    await symlink(resolve(place), join(folder, "package"));
    const { stdout } = await promisify(execFile)(
      "tar",
      ["-chf", "-", "-C", folder, "--exclude=package/node_modules", "package"],
      { encoding: "buffer", maxBuffer: 100 * 1024 * 1024 },
    );
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}
