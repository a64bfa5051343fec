// A command that takes STATE_DIR for itself: whoever asks meanwhile hears that it is a command that holds it.
import { takeTurn } from "./control-client.ts";
import { createControlServer } from "./control-server.ts";

/** @returns STATE_DIR held, the socket of the bot that holds it, or why neither */
export async function takeTurnAsCommand(settings: {
  readonly stateDir: string;
  readonly uploadBytesMax: number;
}): ReturnType<typeof takeTurn> {
  const server = createControlServer({
    holder: () => "command",
    uploadBytesMax: settings.uploadBytesMax,
    perform: undefined,
    onRefused: () => {},
    onBug: (error) => {
      throw error;
    },
  });
  const turn = await takeTurn(settings.stateDir, (socket) => server.take(socket));
  if (turn.kind !== "held") return turn;
  const { held } = turn;
  return {
    ...turn,
    held: {
      ...held,
      async release() {
        await held.release();
        server.close();
      },
    },
  };
}
