// Stands in for a document whose check does not end.
import { parentPort } from "node:worker_threads";
parentPort.on("message", ({ name, parameters }) => {
  parentPort.postMessage("begun");
  if (parameters[1] === "builtin:fees" || name === "limits") for (;;);
  parentPort.postMessage({ result: { kind: "valid" }, heapBytes: 0 });
});
