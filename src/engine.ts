// How soon the engine compiles for speed. Imported before everything else, for its effect.
import { setFlagsFromString } from "node:v8";

/**
 * How much bytecode a function runs before Node 20 compiles it for speed, with its one optimising compiler, which is a slow one: nine times what it is
 * by itself. A bot that saves a few files a day never gets back what that costs; of uploads 200 to 300 it was two fifths of the processor's time. Later Nodes
 * have a fast compiler before the slow one, and no such switch. The number is read whenever a function begins to be counted, so that it
 * may be set while the engine runs.
 */
const bytecodeBeforeOptimizing = 600_000;

if (process.versions.v8.startsWith("11.")) {
  setFlagsFromString(`--interrupt-budget=${bytecodeBeforeOptimizing}`);
}
