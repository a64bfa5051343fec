// Documents to measure with: valid rates.yml files of a given number of keys, and of the length that 60,000 keys have in 1 MB.

/** What {@link ratesDocument} makes so much of. */
export const keysOfOneMegabyte = 60_000;
export const keysOfTwoKilobytes = 120;

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** About 17 bytes a key, so that 60,000 of them are 1 MB. */
export function ratesDocument(keys: number): string {
  const lines = ["base: USD", "rates:"];
  for (let index = 0; index < keys; index += 1) {
    lines.push(`  ${codeOf(index)}: ${(1 + (index % 8999) / 1000).toFixed(4)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Five letters: none of them is a word that YAML reads as something else. */
function codeOf(index: number): string {
  let code = "";
  for (let rest = index, place = 0; place < 5; place += 1) {
    code += letters[rest % letters.length] ?? "";
    rest = Math.floor(rest / letters.length);
  }
  return code;
}
