// What is told of a document that is larger than MAX_UPLOAD_BYTES, wherever it came from.

export function tooLargeText(bytesMax: number): string {
  return `the file is too large: at most ${sizeText(bytesMax)} is taken`;
}

/** `1 MB`, `1.5 MB`, `800 bytes`; by 1024, as MAX_UPLOAD_BYTES is counted. */
function sizeText(bytes: number): string {
  const megabytes = bytes / (1024 * 1024);
  if (megabytes >= 1) return `${Number(megabytes.toFixed(1))} MB`;
  return bytes >= 1024 ? `${Number((bytes / 1024).toFixed(1))} kB` : `${bytes} bytes`;
}
