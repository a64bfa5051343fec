// The thread that draws charts, one after another. What it loads takes some 60 MB, so it is started when somebody asks for one, and ended soon after.
import { parentPort } from "node:worker_threads";
import type { Chart } from "../model/chart.ts";
import { pngOf } from "./chart-png.ts";
import { chartSvg } from "./chart-svg.ts";

if (parentPort === null) throw new Error("this file runs as a worker thread");
const port = parentPort;
// What it throws ends the thread, and is reported where the thread was started.
port.on("message", (chart: Chart) => port.postMessage(pngOf(chartSvg(chart))));
