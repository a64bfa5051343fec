// Lines and blanks in a text, by offsets.

/** Behind spaces, line ends and comments. */
export function behindBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    if (isBlank(text, at)) at += 1;
    else if (text.charCodeAt(at) === 0x23) at = lineEnd(text, at);
    else return at;
  }
}

/** Whether a space, a tab or a line end stands there. */
export function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Where the line begins that `offset` is in. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** The line's `\n`, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end;
}

/** Where the line behind that of `offset` begins, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  return Math.min(lineEnd(text, offset) + 1, text.length);
}

/** Behind the empty lines that begin at the beginning of a line. */
export function behindEmptyLines(text: string, from: number): number {
  let behind = from;
  for (let at = from; at < text.length && isBlank(text, at); at += 1) {
    if (text[at] === "\n") behind = at + 1;
  }
  return behind;
}
