import { expect } from "chai";
import type { Page } from "playwright-core";
import { z } from "zod";

/** Everything that a key can reach, in the order of the page; of radio buttons, the one that is chosen. */
const REACHABLE = `[...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.type !== "hidden")
  .filter((e) => e.type !== "radio" || e.checked)
  .map((e, index) => { e.dataset.stop = String(index); return index; })`;

/** Where the focus is, whether one sees it, and whether something lies over it. */
const FOCUSED = `(() => {
  const e = document.activeElement;
  const { left, top, right, bottom, width, height } = e.getBoundingClientRect();
  const inside = (x, y) => { const over = document.elementFromPoint(x, y); return over !== null && (e.contains(over) || over.contains(e)); };
  const seen = inside(left + width / 2, top + height / 2) || inside(left + 2, top + 2) || inside(right - 2, bottom - 2);
  const { outlineStyle, outlineWidth } = getComputedStyle(e);
  return { stop: Number(e.dataset.stop ?? -1), what: e.outerHTML.slice(0, 120), seen, ring: outlineStyle !== "none" && outlineWidth !== "0px" };
})()`;

const Focused: z.ZodType<{
  readonly stop: number;
  readonly what: string;
  readonly seen: boolean;
  readonly ring: boolean;
}> = z.object({ stop: z.number(), what: z.string(), seen: z.boolean(), ring: z.boolean() });

async function focusedIn(page: Page): Promise<z.infer<typeof Focused>> {
  return Focused.parse(await page.evaluate(FOCUSED));
}

const DATE_PARTS = 3;

/**
 * Tab reaches everything of the page in its order, always in sight and with a ring.
 *
 * @returns how many stops there are.
 */
export async function expectKeyboardReaches(page: Page): Promise<number> {
  const stops = z.array(z.number()).parse(await page.evaluate(REACHABLE));
  for (const stop of stops) {
    await page.keyboard.press("Tab");
    let focused = await focusedIn(page);
    // Day, month, year and the calendar of a date are stops of their own.
    for (let part = 0; part < DATE_PARTS && focused.stop === stop - 1; part += 1) {
      await page.keyboard.press("Tab");
      focused = await focusedIn(page);
    }
    expect(focused, focused.what).to.deep.include({ stop, seen: true, ring: true });
  }
  return stops.length;
}
