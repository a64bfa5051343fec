// Files to send with one click, made from the live fees.yml: a valid change, and mistakes that people make.

export const exampleNames = ["valid", "typo", "duplicate"] as const;
export type ExampleName = (typeof exampleNames)[number];

/** What the file of this example holds. */
export function exampleFile(name: ExampleName, fees: string): string {
  switch (name) {
    case "valid":
      return changePercent(fees, "maker_percent");
    case "typo":
      return fees.replace(/^maker_percent:/m, "maker_precent:");
    case "duplicate":
      return `${fees.trimEnd()}\n\ncurrency: EUR\n`;
    default:
      return name satisfies never;
  }
}

/** Moves a top-level percentage to another value, so that the file differs from the live one each time. */
export function changePercent(fees: string, key: string): string {
  return fees.replace(new RegExp(`^(${key}: *)([0-9.]+)`, "m"), (_, start: string, old: string) => {
    const next = Number(old) >= 0.2 ? 0.05 : Number(old) + 0.01;
    return `${start}${Number(next.toFixed(2))}`;
  });
}
