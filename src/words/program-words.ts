// The help of the command line.

export const programHelp = "Checks, shows and changes the configs that Airlock manages.";

/** Beside the commands: they are started by the same word, and run until they are stopped. */
export const programsHelp = `
Programs:
  bot      run the bot, with the settings of the environment and of .env
  sandbox  try Airlock in a browser: two admins, no token, no internet
`;

export const commandHelp = {
  check: "check a file as an upload is checked; without one, every live config and airlock.yml",
  history: "who changed a config, and when",
  diff: "what changed since the previous revision, or an older one",
  get: "the live file, or an older revision, byte for byte",
  follow: "keep this machine's files up to date with the store of several machines",
  machines: "list the machines that follow the store",
  removeMachine: "stop counting a machine that is gone",
  apply: "replace a config with a file, as an upload does",
  store: "move between this machine's disk and etcd",
  storeCopy: "copy history and kept versions to the other store, and compare the two",
  rollback: "go back to an older revision, which makes a new one",
} as const;

export const argumentHelp = {
  id: "a config, such as fees",
  file: "- for standard input",
  machine: "its MACHINE_NAME, as airlock machines lists it",
} as const;

export const optionHelp = {
  config: "which config it is; by default the one with a file of this name",
  stdinFilename: "the file name that standard input stands for",
  count: "how many revisions, newest first",
  once: "end when every file is written; with exit code 1 if one cannot be",
  reason: "kept in history and shown with the change",
  anywayStale: "even if somebody else has changed it since your last change",
  anywayRefused: "even if today's rules refuse that version",
} as const;

export const notRevision = "It must be a whole number of 1 or more.";
