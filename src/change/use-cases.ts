// What every way in works with: what can be done with configs, and what is asked on the way.
import type { Inspector } from "../model/inspector.ts";
import type { NumberReader } from "../model/number-series.ts";
import type { Applies } from "./after/apply.ts";
import type { Keeps } from "./after/keep.ts";
import type { Bases } from "./bases.ts";
import type { ChangeSummaries } from "./change-summaries.ts";
import type { Freezes } from "./freezes.ts";
import type { Gates } from "./gates/gates.ts";
import type { ParkedChanges } from "./parked-changes.ts";
import type { Proposals } from "./proposals.ts";
import type { Schedules } from "./schedules.ts";
import type { Uploads } from "./uploads.ts";

export interface UseCases {
  readonly inspector: Inspector & NumberReader;
  readonly summaries: ChangeSummaries;
  readonly bases: Bases;
  readonly parked: ParkedChanges;
  readonly freezes: Freezes;
  readonly proposals: Proposals;
  readonly gates: Gates;
  readonly schedules: Schedules;
  readonly uploads: Uploads;
  readonly keeps: Keeps;
  readonly applies: Applies;
}
