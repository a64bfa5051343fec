// SVG to PNG, with the font that comes in a package: machines have others, or none.
import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";

/** Twice the points, so that it is sharp on a phone. */
const zoom = 2;

const fontFiles = ["400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf"].map(
  (file) => fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${file}`)),
);

export function pngOf(svg: string): Uint8Array {
  const font = { loadSystemFonts: false, fontFiles, defaultFontFamily: "Inter" };
  return new Resvg(svg, { fitTo: { mode: "zoom", value: zoom }, font }).render().asPng();
}
