// Which encoding a file that is not UTF-8 is probably in, from its bytes alone: so that its admin knows what to choose in their editor.

/** Enough to tell, however large the file is. */
const bytesLookedAtMax = 64 * 1024;
/** Of the high halves of UTF-16 in a config, at least this share is 0: spaces, digits and colons are, whatever the letters are. */
const zeroShareMin = 0.2;
/** One or two are a slip, not an encoding. */
const zerosMin = 3;
const strayZeroShareMax = 0.02;
/** Letters beyond ASCII that follow each other: three of them are a part of a word that is not written in Latin letters. */
const foreignRunMin = 3;
const colon = 0x3a;

/** @returns undefined where nothing is likely, as for a picture */
export function likelyEncoding(bytes: Uint8Array): string | undefined {
  const start = bytes.subarray(0, bytesLookedAtMax);
  return unicodeMark(start) ?? unmarkedUtf16(start) ?? codePage(start);
}

function unicodeMark([one, two, three, four]: Uint8Array): string | undefined {
  if (one === 0xff && two === 0xfe) return three === 0 && four === 0 ? "UTF-32" : "UTF-16";
  return one === 0xfe && two === 0xff ? "UTF-16" : undefined;
}

function unmarkedUtf16(bytes: Uint8Array): string | undefined {
  const zeros = [0, 0];
  for (const [index, byte] of bytes.entries()) {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  }
  const [fewer = 0, more = 0] = zeros.toSorted((one, other) => one - other);
  const half = bytes.length / 2;
  return more >= half * zeroShareMin && more >= zerosMin && fewer <= half * strayZeroShareMax
    ? "UTF-16"
    : undefined;
}

function codePage(bytes: Uint8Array): string | undefined {
  // What is no text in any encoding of single bytes, or no config.
  if (
    !bytes.includes(colon) ||
    bytes.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)
  ) {
    return undefined;
  }
  let [upper, lower, below, inRuns, run] = [0, 0, 0, 0, 0];
  for (const byte of bytes) {
    if (byte >= 0xe0) lower += 1;
    else if (byte >= 0xc0) upper += 1;
    else if (byte >= 0x80) below += 1;
    run = byte >= 0x80 ? run + 1 : 0;
    if (run >= foreignRunMin) inRuns += 1;
  }
  if (inRuns === 0) return "Windows-1252";
  // In a language most letters are small ones. Windows-1251 has the small ones of Cyrillic above 0xE0, KOI8-R below; in IBM866 half of
  // them stand where the others have signs.
  if (below > upper + lower / 2) return "IBM866";
  return lower >= upper ? "Windows-1251" : "KOI8-R";
}
