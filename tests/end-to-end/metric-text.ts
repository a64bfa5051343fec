// Reads one figure from the text that /metrics answers with.

/** @throws when no series, or more than one, has this name and at least these labels */
export function findMetric(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>>,
): number {
  const series = text.split("\n").filter((line) => new RegExp(`^${name}[ {]`).test(line));
  const wanted = Object.entries(labels).map(
    ([label, value]) => `${label}=${JSON.stringify(value)}`,
  );
  const found = series.filter((line) => wanted.every((pair) => line.includes(pair)));
  const [only] = found;
  if (only === undefined || found.length > 1) {
    const what = `${name}{${wanted.join(",")}}`;
    throw new Error(`expected one series ${what}, got ${found.length} of:\n${series.join("\n")}`);
  }
  return Number(only.slice(only.lastIndexOf(" ") + 1));
}
