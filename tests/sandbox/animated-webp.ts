// Puts pictures together into an animated WebP, which browsers and GitHub show: a few chunks around what Chromium has encoded.
// https://developers.google.com/speed/webp/docs/riff_container

/** One picture, as long as it is shown. */
export interface Frame {
  /** A whole WebP file of one picture. */
  readonly webp: Buffer;
  readonly shownMs: number;
}

/**
 * Plays the frames again and again.
 * @param size - of each frame, in pixels
 * @throws where a frame is no WebP that stands still
 */
export function animatedWebp(
  frames: readonly Frame[],
  size: { readonly width: number; readonly height: number },
): Buffer {
  const animationFlag = 0x02;
  const doNotBlend = 0x02;
  const wholeSize = [number24(size.width - 1), number24(size.height - 1)];
  const header = chunk("VP8X", Buffer.from([animationFlag, 0, 0, 0]), ...wholeSize);
  // A background of no colour, and no end.
  const animation = chunk("ANIM", Buffer.alloc(6));
  const shown = frames.map(({ webp, shownMs }) =>
    chunk(
      "ANMF",
      Buffer.alloc(6),
      ...wholeSize,
      number24(shownMs),
      Buffer.from([doNotBlend]),
      bitstream(webp),
    ),
  );
  return chunk("RIFF", Buffer.from("WEBP"), header, animation, ...shown);
}

/** The chunk that holds the picture. */
function bitstream(webp: Buffer): Buffer {
  let at = 12;
  while (at < webp.length) {
    const name = webp.toString("latin1", at, at + 4);
    const end = at + 8 + webp.readUInt32LE(at + 4);
    if (name === "VP8L" || name === "VP8 ") return webp.subarray(at, end + (end % 2));
    at = end + (end % 2);
  }
  throw new Error("this is no WebP of one picture");
}

function chunk(name: string, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write(name, "latin1");
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

function number24(value: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntLE(value, 0, 3);
  return bytes;
}
