// Stands between the store and a node of etcd, and spoils the answers to transactions that change the head: what was asked is done.
import type { IncomingMessage, ServerResponse } from "node:http";
import { serve } from "../../local-server.ts";

/** How an answer is lost. */
type Loss = "503" | "cut" | "a proxy's page";

export interface LossyGateway {
  readonly url: URL;
  /** The answers to the next ones are lost like this. */
  lose(...losses: Loss[]): void;
}

export async function startLossyGateway(node: URL): Promise<LossyGateway> {
  const losses: Loss[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // An answer without an end would be read for ever; the store does without.
    if (request.url === "/v3/watch") {
      response.destroy();
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const answered = await fetch(new URL(request.url ?? "/", node), { method: "POST", body });
    const bytes = Buffer.from(await answered.arrayBuffer());
    const isCommit =
      request.url === "/v3/kv/txn" && decodedKeys(body).some((key) => key.includes("heads/"));
    const loss = isCommit ? losses.shift() : undefined;
    if (loss === "cut") {
      response.destroy();
    } else if (loss === "503") {
      const error = "etcdserver: request timed out";
      response.writeHead(503).end(JSON.stringify({ error, message: error, code: 14 }));
    } else if (loss === "a proxy's page") {
      response.writeHead(200).end("<html>Welcome</html>");
    } else {
      response.writeHead(answered.status).end(bytes);
    }
  }

  const url = await serve((request, response) => {
    // The store went away, or the node: whoever asked hears nothing.
    answer(request, response).catch(() => response.destroy());
  });
  return {
    url: new URL(url),
    lose: (...more) => void losses.push(...more),
  };
}

function decodedKeys(body: Buffer): readonly string[] {
  const { success } = JSON.parse(body.toString("utf8")) as {
    readonly success: readonly { readonly request_put?: { readonly key: string } }[];
  };
  return success.map(({ request_put: put }) =>
    Buffer.from(put?.key ?? "", "base64").toString("utf8"),
  );
}
