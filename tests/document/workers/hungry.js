// Stands in for a document whose check needs all memory.
import { parentPort } from "node:worker_threads";
parentPort.on("message", ({ kind, schema }) => {
  parentPort.postMessage("begun");
  const kept = [];
  if (schema === "builtin:fees" || kind === "limits")
    for (;;) kept.push(Array.from({ length: 100_000 }, () => kept));
  parentPort.postMessage({ result: { kind: "valid" }, heapBytes: 0 });
});
