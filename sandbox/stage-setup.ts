// What the stage is set with for a story, or for playing without one.
import type { PriceService } from "./price-service.ts";
import { oneMachineFirst, type Story } from "./stories.ts";

export interface Setup {
  /** Of the main config, as they stand in the catalog; undefined leaves the catalog alone. */
  readonly rules: string | undefined;
  readonly hasService: boolean;
  /** 0 where the bot keeps everything on its own disk. */
  readonly machineCount: number;
}

export interface PlayedOn {
  /** Its rules are its owner's. */
  readonly isOwnCatalog: boolean;
  /** Without a story. */
  readonly machineCount: number;
  readonly service: Pick<PriceService, "rule">;
}

export function stageSetup(
  story: Story | undefined,
  { isOwnCatalog, machineCount, service }: PlayedOn,
): Setup {
  if (story === undefined && (isOwnCatalog || machineCount === 0)) {
    return { rules: undefined, hasService: false, machineCount };
  }
  const {
    hasService = false,
    machines = 0,
    rules,
  } = story ?? { hasService: true, machines: machineCount, rules: oneMachineFirst };
  const all = [hasService ? service.rule : undefined, rules].filter((one) => one !== undefined);
  return {
    rules: all.length === 0 ? undefined : all.join(", "),
    hasService,
    machineCount: machines,
  };
}
