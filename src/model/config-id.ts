// The name of a managed config, `fees`. Only names from the catalog become one, so it is safe in a path, a label and a command.

declare const configIdBrand: unique symbol;
export type ConfigId = string & { readonly [configIdBrand]: true };

const configIdPattern = /^[a-z][a-z0-9_]{0,19}$/;

/**
 * The door where a text becomes a {@link ConfigId}.
 * @returns undefined unless the text is 1 to 20 lower-case letters, digits and underscores, a letter first
 */
export function parseConfigId(text: string): ConfigId | undefined {
  return configIdPattern.test(text) ? (text as ConfigId) : undefined;
}
