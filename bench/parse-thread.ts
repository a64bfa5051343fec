// A thread that only parses what it is sent: what two threads gain at all on a machine.
import { parentPort } from "node:worker_threads";
import { parseDocument } from "yaml";

parentPort?.on("message", (text: string) => {
  parseDocument(text, { uniqueKeys: false });
  parentPort?.postMessage("parsed");
});
