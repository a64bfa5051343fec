// Stands in for a thread whose heap has grown to as many megabytes as the document says. Its number stands where the problems are counted.
import { parentPort, threadId } from "node:worker_threads";
parentPort.on("message", ({ parameters }) => {
  parentPort.postMessage("begun");
  const heapBytes = Number(Buffer.from(parameters[0]).toString()) * 1024 * 1024;
  parentPort.postMessage({ result: { kind: "invalid", problems: [], total: threadId }, heapBytes });
});
