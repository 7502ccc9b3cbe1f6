import { copyFileSync, mkdirSync } from "node:fs";
import process from "node:process";
import type { Locator, Page } from "playwright-core";

const FOLDER = ".cache/screenshots";

/**
 * Keeps what the page looks like in `.cache/screenshots/settings-NAME.png`. With `published`, and
 * SCREENSHOTS=docs in the environment, in docs/images too.
 */
export async function screenshot(
  shown: Page | Locator,
  name: string,
  { published = false }: { readonly published?: boolean } = {},
): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const file = `settings-${name}.png`;
  const whole = "goto" in shown ? { fullPage: true } : {};
  await shown.screenshot({ path: `${FOLDER}/${file}`, animations: "disabled", ...whole });
  if (published && process.env["SCREENSHOTS"] === "docs") {
    copyFileSync(`${FOLDER}/${file}`, `docs/images/${file}`);
  }
}
