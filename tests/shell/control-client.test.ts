import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { askBot, takeTurn } from "../../src/shell/control-client.ts";
import { createControlServer } from "../../src/shell/control-server.ts";
import { type HeldFolder, holdFolder } from "../../src/shell/hold-folder.ts";
import type { HolderKind } from "../../src/shell/protocol.ts";
import { deferred } from "../deferred.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const nobody = (): void => {};

/** Holds the folder as another process would. */
async function holder(
  folder: string,
  kind: HolderKind,
  onConnection: () => void = nobody,
): Promise<{ readonly held: HeldFolder; readonly end: () => Promise<void> }> {
  const server = createControlServer({
    holder: () => kind,
    uploadBytesMax: 1000,
    perform: undefined,
    onRefused: nobody,
    onBug: (error) => {
      throw error;
    },
  });
  const hold = await holdFolder(folder, (socket) => {
    server.take(socket);
    onConnection();
  });
  if (hold.kind === "taken") throw new Error("somebody else holds it");
  const end = async (): Promise<void> => {
    await hold.held.release();
    server.close();
  };
  onTestFinished(end);
  return { held: hold.held, end };
}

for (const kind of ["command", "stopping"] as const) {
  test(`a holder that says "${kind}" is waited for`, async () => {
    const folder = await temporaryFolder();
    const connected = deferred();
    const { end } = await holder(folder, kind, connected.resolve);
    const turn = takeTurn(folder, (socket) => socket.destroy());
    await connected.promise;
    await end();
    const taken = await turn;
    expect(taken.kind).toBe("held");
    if (taken.kind === "held") await taken.held.release();
  });
}

test("a running bot is not waited for, and a request that it does not take is told", async () => {
  const folder = await temporaryFolder();
  await holder(folder, "bot");
  const turn = await takeTurn(folder, (socket) => socket.destroy());
  expect(turn).toMatchObject({ kind: "bot", pid: process.pid });
  if (turn.kind !== "bot") return;
  const answer = await askBot(turn.socket, {
    airlock: 1,
    request: "rollback",
    config: "fees",
    user: { uid: 0, name: "root" },
    reason: null,
    anyway: false,
    revision: 1,
  });
  expect(answer).toEqual({
    answer: "refused",
    text: "requests are no longer accepted: run the command again",
  });
});

test("a holder that speaks another language is told, and not waited for", async () => {
  const folder = await temporaryFolder();
  const hold = await holdFolder(folder, (socket) => socket.end("hello\n"));
  if (hold.kind === "taken") throw new Error("somebody else holds it");
  onTestFinished(() => hold.held.release());
  expect(await takeTurn(folder, nobody)).toEqual({
    kind: "trouble",
    message: `STATE_DIR ${folder} is held by a process that does not answer`,
  });
});

test("a bot that ends before it answers leaves the question open", async () => {
  const folder = await temporaryFolder();
  const hold = await holdFolder(folder, (socket) => {
    socket.write(`${JSON.stringify({ airlock: 1, holder: "bot", pid: 1 })}\n`);
    void once(socket, "data").then(() => socket.destroy());
  });
  if (hold.kind === "taken") throw new Error("somebody else holds it");
  onTestFinished(() => hold.held.release());
  const turn = await takeTurn(folder, nobody);
  if (turn.kind !== "bot") throw new Error(turn.kind);
  const request = { airlock: 1, request: "rollback", config: "fees", revision: 1 } as const;
  const rest = { user: { uid: 0, name: "root" }, reason: null, anyway: false };
  expect(await askBot(turn.socket, { ...request, ...rest })).toBeUndefined();
});
