// Texts as the chart's font can draw them: Inter has Latin, Cyrillic and Greek letters, no others and no pictures.

const drawable =
  /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}\u0020-\u007e\u2010-\u2026\u00a1-\u00bf№€₽→]/u;

/**
 * Without what cannot be drawn, shortened.
 * @param fallback - where something cannot, and no letter is left
 */
export function drawableText(text: string, charsMax: number, fallback: string): string {
  const characters = Array.from(text.normalize("NFC"));
  const kept = characters.filter((each) => drawable.test(each));
  const isLost =
    kept.length < characters.length && !kept.some((each) => /[\p{L}\p{Nd}]/u.test(each));
  const shown = isLost ? fallback : kept.join("").replaceAll(/ +/g, " ").trim();
  const whole = Array.from(shown);
  return whole.length <= charsMax ? shown : `${whole.slice(0, charsMax - 1).join("")}…`;
}
