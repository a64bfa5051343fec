// What handlers of configs work on.
import type { Machines } from "../store/machines.ts";
import type { Applies } from "../change/after/apply.ts";
import type { Keeps } from "../change/after/keep.ts";
import type { Bases } from "../change/bases.ts";
import type { ChangeSummaries } from "../change/change-summaries.ts";
import type { Drifts } from "../change/drift.ts";
import type { Freezes } from "../change/freezes.ts";
import type { ParkedChanges } from "../change/parked-changes.ts";
import type { Gates } from "../change/gates/gates.ts";
import type { Proposals } from "../change/proposals.ts";
import type { Schedules } from "../change/schedules.ts";
import type { Uploads } from "../change/uploads.ts";
import type { ChartDrawer } from "../model/chart.ts";
import type { Inspector } from "../model/inspector.ts";
import type { NumberReader } from "../model/number-series.ts";
import type { People } from "../model/people.ts";
import type { ConfigStore } from "../store/port.ts";
import type { Doors } from "./doors.ts";

export interface ConfigService {
  readonly lives: readonly ConfigStore[];
  readonly people: People;
  /** Whatever a handler does with a config, its sender comes through here first. */
  readonly doors: Doors;
  readonly uploads: Uploads;
  readonly inspector: Inspector & NumberReader;
  readonly charts: ChartDrawer;
  readonly summaries: ChangeSummaries;
  readonly bases: Bases;
  readonly parked: ParkedChanges;
  readonly freezes: Freezes;
  readonly proposals: Proposals;
  readonly gates: Gates;
  readonly keeps: Keeps;
  readonly drifts: Pick<Drifts, "keep" | "putBack">;
  readonly applies: Applies;
  /** Those that follow the store; undefined where it is one machine's own. */
  readonly machines: Machines | undefined;
  readonly schedules: Schedules;
  /** An IANA name: where moments without an offset are read. */
  readonly timeZone: string;
}
