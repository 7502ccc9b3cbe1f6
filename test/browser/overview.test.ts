import { expect } from "chai";
import { after, afterEach, before, describe, it } from "mocha";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { SCREENS } from "../../src/adapters/koa/page/screens.ts";
import { runningDemo } from "../examples/support/demo-process.ts";
import { axeFindings } from "./axe.ts";
import { screenshot } from "./screenshots.ts";
import { answerIdp, launchBrowser } from "./support.ts";
import { watch } from "./watch.ts";

/** What an administrator can take in at 1280 pixels. */
const MOST_PIXELS = 2600;

const NAMES = Object.keys(SCREENS).filter((name) => name !== "all");

describe("the settings page with the demo's data", () => {
  let browser: Browser;
  let faults: (readonly string[])[] = [];

  const demo = runningDemo({});
  before(async () => {
    browser = await launchBrowser();
    for (const name of ["ada", "bob", "suspended"]) {
      const page = await (await browser.newContext()).newPage();
      await page.goto(`${demo.baseUrl}/saml/login`);
      await answerIdp(page, name === "suspended" ? "suspended@demo.example" : `${name}@c.example`);
      await page.waitForLoadState();
    }
  });
  after(() => browser.close());
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(faults.flat()).to.deep.equal([]);
    faults = [];
  });

  async function administrator(
    how: Parameters<Browser["newContext"]>[0] = {},
  ): Promise<{ page: Page; context: BrowserContext }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 844 }, ...how });
    context.setDefaultTimeout(15_000);
    faults.push(watch(context, demo.baseUrl));
    const page = await context.newPage();
    await signIn(page);
    return { page, context };
  }

  async function signIn(page: Page): Promise<void> {
    await page.goto(demo.baseUrl);
    await page.getByRole("button", { name: "Sign in as administrator" }).click();
    await page.getByRole("link", { name: "Single sign-on settings" }).waitFor();
  }

  const url = (screen: string) => `${demo.baseUrl}/saml/settings/page/${screen}`;
  const openScreen = (page: Page, screen: string) =>
    page.goto(screen === "overview" ? url("").slice(0, -1) : url(screen));

  it(`has no screen of more than ${MOST_PIXELS} pixels, and none that axe complains of`, async () => {
    const { page } = await administrator();
    for (const screen of [...NAMES, "users", "activity"]) {
      await openScreen(page, screen);
      const height = await page.evaluate("document.documentElement.scrollHeight");
      expect(height, screen).to.be.at.most(MOST_PIXELS);
      expect(await axeFindings(page), screen).to.deep.equal([]);
    }
  });

  it("says on the overview how it goes, also on a phone in the dark", async () => {
    for (const width of [1280, 390, 320]) {
      const colorScheme = width === 1280 ? "light" : "dark";
      const { page } = await administrator({ viewport: { width, height: 844 }, colorScheme });
      await openScreen(page, "overview");
      const status = (await page.locator("#status").textContent()) ?? "";
      expect(status).to.match(/Users created\s*2/);
      expect(status).to.match(/Refusals in the last 7 days\s*1/);
      expect(await page.locator("#figures svg").count()).to.be.at.least(3);
      await page.getByText("The figures as a table").click();
      expect(await page.locator("#figures tbody tr").count()).to.equal(30);
      expect(await axeFindings(page)).to.deep.equal([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).to.be.at.most(width);
      await page.getByText("The figures as a table").click();
      await screenshot(page, { name: `overview-${width}` });
    }
  });

  it("goes on counting the minutes of what has just happened", async () => {
    const { page } = await administrator();
    await page.clock.install();
    await openScreen(page, "overview");
    const newest = page.locator("#activity tbody time").first();
    const minutes = async () => Number(await newest.getAttribute("data-minutes"));
    const before = await minutes();
    expect(await newest.getAttribute("title")).to.match(/\d{4}/);
    await page.clock.runFor(121_000);
    expect(await minutes()).to.equal(before + 2);
    expect(await newest.textContent()).to.equal(`${before + 2} minutes ago`);
  });

  it("tells an administrator whose session has ended, and keeps what was typed", async () => {
    const { page, context } = await administrator();
    await openScreen(page, "connections");
    await page.getByLabel("Single sign-on URL").fill("https://idp.example/typed");
    await context.clearCookies();
    await page.getByRole("button", { name: "Check certificates" }).click();
    await page.getByText("Sign in in another tab, then try again here.").waitFor();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page
      .getByRole("heading", { name: "You are not signed in as an administrator" })
      .waitFor();
    expect(await axeFindings(page)).to.deep.equal([]);
    await signIn(await context.newPage());
    await page.getByRole("button", { name: "Continue with what I have typed" }).click();
    const field = page.getByLabel("Single sign-on URL");
    expect(await field.inputValue()).to.equal("https://idp.example/typed");
    expect(await page.getByText("You have unsaved changes.").isVisible()).to.equal(true);
  });
});
