// `.env` in the working folder.
import { join } from "node:path";
import { parseEnv } from "node:util";
import { readSmallFile } from "../file/small-file.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const dotEnvBytesMax = 65_536;

/** The variables of `.env` in this folder; none where there is no such file. */
export function readDotEnv(workingFolder: string): { variables: Environment; problems: string[] } {
  const content = readSmallFile(join(workingFolder, ".env"), dotEnvBytesMax);
  if (content.text === undefined) {
    if (content.missing) return { variables: {}, problems: [] };
    return {
      variables: {},
      problems: [`.env must be a file that can be read (${content.reason})`],
    };
  }
  // No experimental warning since Node 20.12. In Node 20 a line without "=" swallows the next one into its name, so
  // that a setting would vanish: https://nodejs.org/api/util.html#utilparseenvcontent
  const variables = parseEnv(content.text);
  const broken = Object.keys(variables).some((name) => !/^\w+$/.test(name));
  const problem = ".env must hold only NAME=value lines and # comments, and one line is neither";
  return { variables, problems: broken ? [problem] : [] };
}
