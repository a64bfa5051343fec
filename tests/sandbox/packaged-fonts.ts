// Sets a page in fonts and emoji that come in packages, so that its picture is the same on a machine that has none.
import { existsSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const emojiPattern = /\p{Extended_Pictographic}\uFE0F?/gu;
const fonts = [
  { family: "Packaged Text", name: "inter" },
  { family: "Packaged Code", name: "noto-sans-mono" },
] as const;
const style = `
  body { font-family: "Packaged Text" !important; }
  code, pre, textarea, .file ol, .list button { font-family: "Packaged Code" !important; }
  .packaged-emoji { width: 1.15em; height: 1.15em; vertical-align: -0.2em; }
`;

/** What each file of a font holds. */
const scripts = [
  { script: "latin", unicodeRange: "U+0-3FF, U+2000-2BFF" },
  { script: "cyrillic", unicodeRange: "U+400-45F, U+490-491, U+2116" },
] as const;

/** To be called once, on a page that is loaded. */
export async function usePackagedFonts(page: Page): Promise<void> {
  for (const { family, name } of fonts) {
    for (const { script, unicodeRange } of scripts) {
      const base64 = inPackages(
        `@fontsource-variable/${name}/files/${name}-${script}-wght-normal.woff2`,
      ).toString("base64");
      await page.evaluate(`(async () => {
        const bytes = Uint8Array.from(atob("${base64}"), (char) => char.charCodeAt(0));
        const facts = { weight: "100 900", unicodeRange: "${unicodeRange}" };
        document.fonts.add(await new FontFace("${family}", bytes, facts).load());
      })()`);
    }
  }
  await page.evaluate(`(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(${JSON.stringify(style)});
    document.adoptedStyleSheets = [sheet];
  })()`);
}

/** Puts drawings in the place of the emoji that the page shows now. */
export async function drawEmoji(page: Page): Promise<void> {
  const shown = new Set((await page.locator("body").innerText()).match(emojiPattern));
  const drawings = [...shown].map((emoji) => {
    const base64 = emojiDrawing(emoji).toString("base64");
    return [emoji, `data:image/svg+xml;base64,${base64}`];
  });
  await page.evaluate(`(async () => {
    const drawings = new Map(${JSON.stringify(drawings)});
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
      const pieces = text.data.split(${String(emojiPattern).replace("/\\p", "/(\\p").replace("?/gu", "?)/u")});
      if (pieces.length === 1) continue;
      text.replaceWith(...pieces.map((piece) => {
        if (!drawings.has(piece)) return piece;
        const image = new Image();
        image.className = "packaged-emoji";
        image.src = drawings.get(piece);
        return image;
      }));
    }
    await Promise.all([...document.images].map((image) => image.decode()));
  })()`);
}

/** Some are named with the variation selector that follows them in a text, most without. */
function emojiDrawing(emoji: string): Buffer {
  const codes = Array.from(emoji, (char) => char.codePointAt(0)?.toString(16) ?? "");
  const names = [codes.join("-"), codes[0] ?? ""].map((name) => `@twemoji/svg/${name}.svg`);
  return inPackages(names.find((name) => existsSync(packagedPath(name))) ?? names.join(", "));
}

function inPackages(path: string): Buffer {
  return readFileSync(packagedPath(path));
}

function packagedPath(path: string): URL {
  return new URL(`../../node_modules/${path}`, import.meta.url);
}
