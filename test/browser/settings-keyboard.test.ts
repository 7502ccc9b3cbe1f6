import { expect } from "chai";
import { after, afterEach, before, describe, it } from "mocha";
import type { Page } from "playwright-core";
import { z } from "zod";
import { openSettings, readShort } from "../support/host.ts";
import { type Desk, startDesk } from "./settings-desk.ts";

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

const Focused = z.object({
  stop: z.number(),
  what: z.string(),
  seen: z.boolean(),
  ring: z.boolean(),
});

describe("the settings page by keyboard alone", () => {
  let desk: Desk;

  before(async () => {
    desk = await startDesk();
  });
  after(() => desk.stop());
  afterEach(async () => expect(await desk.leave()).to.deep.equal([]));

  const focusedIn = async (page: Page) => Focused.parse(await page.evaluate(FOCUSED));

  it("reaches everything in the order of the page, always in sight", async () => {
    await desk.host.saml.saveSettings("default", openSettings(desk.host), "set-up");
    const page = await desk.sitDown({ viewport: { width: 1100, height: 700 } });
    const stops = z.array(z.number()).parse(await page.evaluate(REACHABLE));
    expect(stops.length).to.be.greaterThan(40);
    for (const stop of stops) {
      await page.keyboard.press("Tab");
      const focused = await focusedIn(page);
      expect(focused, focused.what).to.deep.include({ stop, seen: true, ring: true });
    }
  });

  it("sets everything up and saves it, and goes to what is wrong", async () => {
    const { host } = desk;
    await host.saml.saveSettings("default", openSettings(host, { enabled: false }), "set-up");
    const { version } = await host.saml.readSettings("default");
    const page = await desk.sitDown();
    await page.getByLabel("Single sign-on URL").focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText("nonsense");
    // Enter in a field neither saves nor switches anything.
    await page.keyboard.press("Enter");
    await page.waitForLoadState();
    expect((await host.saml.readSettings("default")).version).to.equal(version);
    await page.getByRole("button", { name: "Save", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Nothing was saved: 1 problem").waitFor();
    // The focus is where the problems are told: the next stop is the first of them.
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const field = page.locator(":focus");
    expect(await field.getAttribute("name")).to.equal("connection-ssoUrl");
    expect(await field.getAttribute("aria-invalid")).to.equal("true");
    expect(await field.inputValue()).to.equal("nonsense");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText("https://idp.example/by-key");
    await page.getByRole("radio", { name: "One attribute" }).focus();
    await page.keyboard.press("Space");
    await page.getByLabel("Email address attribute", { exact: true }).focus();
    await page.keyboard.insertText("mail");
    await page.getByRole("checkbox", { name: "West" }).focus();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Save", exact: true }).focus();
    await page.keyboard.press("Space");
    await page.getByText("Saved.").waitFor();
    const { settings } = await readShort(host);
    expect(settings.connection?.ssoUrl).to.equal("https://idp.example/by-key");
    expect(settings.email.source).to.deep.equal({ kind: "attribute", name: "mail" });
    expect(settings.autoProvisioning.organizations).to.deep.include({ ids: ["o1", "o2", "o3"] });
  });
});
