// What handlers of configs work on.
import type { Drifts } from "../../change/drift.ts";
import type { Managed } from "../../change/managed-configs.ts";
import type { UseCases } from "../../change/use-cases.ts";
import type { ChartDrawer } from "../../model/chart.ts";
import type { Machines } from "../../store/machines.ts";
import type { Doors } from "./doors.ts";

export interface ConfigService extends UseCases, Managed {
  /** Whatever a handler does with a config, its sender comes through here first. */
  readonly doors: Doors;
  readonly charts: ChartDrawer;
  readonly drifts: Pick<Drifts, "asked" | "keep" | "putBack">;
  /** Those that follow the store; undefined where it is one machine's own. */
  readonly machines: Machines | undefined;
  /** An IANA name: where moments without an offset are read. */
  readonly timeZone: string;
}
