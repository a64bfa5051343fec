// Text from outside that should be JSON.

/** @returns undefined for what is none, such as a line that a crash cut short: no JSON is that, and no schema takes it */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whoever asks judges what it is, and takes this for wrong too.
    return undefined;
  }
}
