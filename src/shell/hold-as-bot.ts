// The bot's hold on STATE_DIR: taken before anything in it is touched, let go when the bot is done with it.
import { heldByOtherBot } from "../words/holder-words.ts";
import { takeTurn } from "./control-client.ts";
import { type ControlServerOptions, createControlServer } from "./control-server.ts";
import type { HolderKind } from "./protocol.ts";

type Perform = NonNullable<ControlServerOptions["perform"]>;

export interface BotControl {
  /** From now on requests are carried out; those that came before are waiting. */
  serve(perform: Perform): void;
  /** No request is taken any more. */
  stopping(): void;
  /** Lets go of STATE_DIR. */
  release(): Promise<void>;
}

/** @throws with a message for the operator where another process holds it, and goes on doing so */
export async function holdAsBot(
  { stateDir, uploadBytesMax }: { readonly stateDir: string; readonly uploadBytesMax: number },
  listener: Pick<ControlServerOptions, "onRefused" | "onBug">,
): Promise<BotControl> {
  let kind: HolderKind = "bot";
  let serve: (perform: Perform) => void = () => {};
  const serving = new Promise<Perform>((resolve) => {
    serve = resolve;
  });
  const server = createControlServer({
    ...listener,
    uploadBytesMax,
    holder: () => kind,
    perform: async (request) => (await serving)(request),
  });
  const turn = await takeTurn(stateDir, (socket) => server.take(socket));
  switch (turn.kind) {
    case "bot":
      turn.socket.destroy();
      throw new Error(heldByOtherBot(stateDir, turn.pid));
    case "trouble":
      throw new Error(turn.message);
    case "held":
      break;
    default:
      turn satisfies never;
  }
  const { held } = turn;
  return {
    serve,
    stopping() {
      kind = "stopping";
    },
    async release() {
      await held.release();
      server.close();
    },
  };
}
