// A command in a caption: grammY's own matching of commands looks at texts only.

export interface CaptionCommand {
  /** Without the slash: `set_fees`. */
  readonly name: string;
  /** What the caption says beyond the command. */
  readonly rest: string;
}

const pattern = /^\/([a-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,32}))?(?=[^\w@]|$)[:,]?/;

/** @returns undefined where the caption does not begin with a command, or with one for another bot */
export function captionCommand(
  caption: string | undefined,
  botUsername: string,
): CaptionCommand | undefined {
  const match = pattern.exec(caption ?? "");
  const [whole, name, username] = match ?? [];
  if (caption === undefined || whole === undefined || name === undefined) return undefined;
  if (username !== undefined && username.toLowerCase() !== botUsername.toLowerCase()) {
    return undefined;
  }
  return { name, rest: caption.slice(whole.length) };
}
