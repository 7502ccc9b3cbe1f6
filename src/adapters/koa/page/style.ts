import { createHash } from "node:crypto";
import { loadOnce, readOwnFile } from "../send.ts";

/** A served file. */
export interface Asset {
  /** Name with a content hash, cacheable indefinitely. */
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** A style within a page. */
export interface InlineStyle {
  readonly css: string;
  /** SHA-256 in Base64, for the content security policy. */
  readonly digest: string;
}

/** The style and the script of the pages. */
export interface Assets {
  readonly css: Asset;
  readonly js: Asset;
  /** The part of the style that the pages for users need, which refer to no file. */
  readonly inline: InlineStyle;
}

/** Reads the files in this folder once. */
export type LoadAssets = () => Promise<Assets>;

export function makeLoadAssets(theme?: Theme): LoadAssets {
  return loadOnce(async () => {
    const [style, script] = await Promise.all([
      readOwnFile(new URL("page.css", import.meta.url)),
      readOwnFile(new URL("page.js", import.meta.url)),
    ]);
    const own = themeCss(theme);
    const [shared = ""] = style.split(END_OF_SHARED);
    const inline = `${shared}${own}`;
    return {
      css: asset("css", `${style}${own}`),
      js: asset("js", script),
      inline: { css: inline, digest: createHash("sha256").update(inline).digest("base64") },
    };
  });
}

/** The comment in the style after which only the settings page needs the rest. */
const END_OF_SHARED = "/* Only the settings page */";

function asset(extension: "css" | "js", text: string): Asset {
  const hash = createHash("sha256").update(text).digest("base64url").slice(0, 16);
  const type = extension === "css" ? "text/css" : "text/javascript";
  return { name: `page-${hash}.${extension}`, type, text };
}

/** The host's colour and font on the pages. */
export interface Theme {
  /**
   * Colour of buttons and links, such as `#0a7d5a`. It is darkened or lightened as far as contrast
   * demands (WCAG AA), in light and in dark colours. Default: blue.
   */
  readonly accent?: string;
  /**
   * CSS font families that users have, such as `"Inter, sans-serif"`: the pages load none. Default:
   * that of the system.
   */
  readonly font?: string;
}

/** Custom properties of the style that stand for a theme. */
export function themeCss({ accent, font }: Theme = {}): string {
  const set = [
    ...(accent === undefined
      ? []
      : [`--brand: light-dark(${readable(accent, LIGHT)}, ${readable(accent, DARK)});`]),
    ...(font === undefined ? [] : [`--font: ${font};`]),
  ];
  return set.length === 0 ? "" : `\n:root { ${set.join(" ")} }\n`;
}

type Rgb = readonly [red: number, green: number, blue: number];

/** The backgrounds on which a colour is hardest to read in each scheme, and what it is mixed with. */
const LIGHT = { background: [0xe1, 0xe4, 0xeb], towards: [0, 0, 0] } as const;
const DARK = { background: [0x32, 0x36, 0x44], towards: [255, 255, 255] } as const;

const CONTRAST = 4.5; // WCAG 2.2 section 1.4.3
const STEPS = 50;

/** The colour nearest to `accent` that can be read in a scheme. */
function readable(
  accent: string,
  { background, towards }: { readonly background: Rgb; readonly towards: Rgb },
): string {
  const colour = rgbOf(accent);
  for (let step = 0; step < STEPS; step += 1) {
    const mixed = mix(colour, towards, step / STEPS);
    if (contrast(mixed, background) >= CONTRAST) return hexOf(mixed);
  }
  return hexOf(towards);
}

function rgbOf(hex: string): Rgb {
  const digits = hex.length === 4 ? hex.replace(/[\da-f]/gi, "$&$&") : hex;
  const part = (at: number) => Number.parseInt(digits.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

function hexOf(rgb: Rgb): string {
  return `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function mix([r, g, b]: Rgb, [tr, tg, tb]: Rgb, share: number): Rgb {
  const between = (from: number, to: number) => Math.round(from + (to - from) * share);
  return [between(r, tr), between(g, tg), between(b, tb)];
}

/** Contrast ratio of two colours (WCAG 2.2). */
export function contrast(one: Rgb, other: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(rgb: Rgb): number {
  const [r = 0, g = 0, b = 0] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
