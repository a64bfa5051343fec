// The help of the command line.

export const programHelp = "Checks, shows and changes the configs that Airlock manages.";

export const commandHelp = {
  check: "check a file as an upload is checked; without one, every live config and airlock.yml",
  history: "who changed a config, and when",
  diff: "what changed since the revision before, or since another one",
  get: "the live file, or an older revision, byte for byte",
  apply: "replace a config with a file, as an upload does",
  rollback: "go back to an older revision, which makes a new one",
} as const;

export const argumentHelp = {
  id: "a config, such as fees",
  file: "- is standard input",
} as const;

export const optionHelp = {
  config: "which config it is; else its name tells",
  stdinFilename: "what standard input is called, and told by",
  count: "how many, the newest first",
  reason: "kept in history and shown with the change",
  anywayStale: "also where somebody else changed it since your last change",
  anywayRefused: "also where today's rules refuse that version",
} as const;

export const notRevision = "It must be a number from 1.";
