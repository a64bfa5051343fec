// A config that is managed.
import { join } from "node:path";
import { type ConfigId, parseConfigId } from "./config-id.ts";
import type { ConfigSchema } from "./config-schema.ts";
import { noRules, type Rules } from "./rules.ts";

export interface Config {
  readonly id: ConfigId;
  /** Its name on disk, and in every text: `fees.yml`. */
  readonly fileName: string;
  /** Where the operator says it is; may be a symbolic link. */
  readonly path: string;
  /** What people call it, in menus; null for its file name. */
  readonly title: string | null;
  readonly schema: ConfigSchema;
  readonly rules: Rules;
}

/** The two configs that come with Airlock. */
export function builtInConfigs(configDir: string): readonly Config[] {
  return [config("fees", configDir, "builtin:fees"), config("rates", configDir, "builtin:rates")];
}

function config(name: string, configDir: string, schema: ConfigSchema): Config {
  const id = parseConfigId(name);
  if (id === undefined) throw new Error(`${name} is not a config id`);
  const fileName = `${name}.yml`;
  return { id, fileName, path: join(configDir, fileName), title: null, schema, rules: noRules };
}
