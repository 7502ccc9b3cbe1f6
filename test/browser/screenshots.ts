import { mkdirSync } from "node:fs";
import type { Locator, Page } from "playwright-core";

const FOLDER = ".cache/screenshots";

/** On a screen as low as this nothing of the page is sticky, and so nothing lies over the rest. */
const LOW = 500;

/** What of a page is pictured. */
export interface Picture {
  /** The file's name is `settings-NAME.png`. */
  readonly name: string;
  /** A part of the page; all of it when absent, however long. */
  readonly part?: Locator;
  /** Just what stands on the screen. */
  readonly screen?: boolean;
}

/** Keeps what the page looks like in `.cache/screenshots`. */
export async function screenshot(page: Page, picture: Picture): Promise<void> {
  const { name, part, screen = false } = picture;
  mkdirSync(FOLDER, { recursive: true });
  const file = `settings-${name}.png`;
  const options = { path: `${FOLDER}/${file}`, animations: "disabled" } as const;
  const size = page.viewportSize();
  if (screen || size === null) {
    await page.screenshot(options);
  } else {
    await page.setViewportSize({ width: size.width, height: LOW });
    await (part === undefined
      ? page.screenshot({ ...options, fullPage: true })
      : part.screenshot(options));
    await page.setViewportSize(size);
  }
}
