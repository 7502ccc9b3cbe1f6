import { expect } from "chai";
import { after, afterEach, before, describe, it } from "mocha";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { ATTRIBUTE_PRESETS } from "../../src/domain/attribute-presets.ts";
import { NOTHING_SET_UP, runningDemo } from "../examples/support/demo-process.ts";
import { axeFindings } from "./axe.ts";
import { screenshot } from "./screenshots.ts";
import { launchBrowser } from "./support.ts";
import { watch } from "./watch.ts";

/** A page of a section that an administrator can take in. */
const MOST_PIXELS = 2600;
const MOST_INTERACTIONS = 12;

describe("the guided setup on the demo", () => {
  let browser: Browser;
  let faults: (readonly string[])[] = [];

  before(async () => {
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
  });
  const demo = runningDemo({});
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(faults.flat()).to.deep.equal([]);
    faults = [];
  });

  async function newContext(width: number): Promise<BrowserContext> {
    const context = await browser.newContext({ viewport: { width, height: 844 } });
    context.setDefaultTimeout(15_000);
    faults.push(watch(context, demo.baseUrl));
    return context;
  }

  /** An administrator at a page on which nothing is set up. */
  async function begin(width: number): Promise<Page> {
    const page = await (await newContext(width)).newPage();
    await page.goto(demo.baseUrl);
    await page.getByRole("button", { name: "Sign in as administrator" }).click();
    await page.getByRole("link", { name: "Single sign-on settings" }).waitFor();
    const url = `${demo.baseUrl}/saml/settings`;
    const { etag = "" } = (await page.request.get(url)).headers();
    const cleared = await page.request.put(url, {
      data: NOTHING_SET_UP,
      headers: { "If-Match": etag, Origin: demo.baseUrl },
    });
    expect(cleared.status()).to.equal(200);
    await page.goto(`${url}/page`);
    return page;
  }

  const isOnScreen = async (control: Locator) => {
    const box = await control.boundingBox();
    return box !== null && box.y >= 0 && box.y + box.height <= 844;
  };

  for (const width of [1280, 390]) {
    it(`leads from nothing to the first user in ${MOST_INTERACTIONS} interactions, at ${width} pixels`, async () => {
      const page = await begin(width);
      let interactions = 0;
      const interact = async (step: Promise<unknown>) => {
        interactions += 1;
        await step;
      };
      const button = (name: string) => page.getByRole("button", { name, exact: true });
      expect(await isOnScreen(button("Start a test sign-in"))).to.equal(true);
      expect(await isOnScreen(button("Save and turn on"))).to.equal(true);
      const metadata = await page.request.get(`${demo.baseUrl}/demo-idp/metadata`);
      const pasted = await metadata.text();

      await interact(button("Another one").click());
      await page.getByText("Steps at Another one").waitFor();
      await interact(page.getByLabel("Metadata (XML)").fill(pasted));
      await interact(button("Import metadata").click());
      await page.getByText("The form is filled in from the metadata.").waitFor();
      await interact(page.getByLabel("Create users at their first sign-in").check());
      await interact(page.getByLabel("Role", { exact: true }).selectOption({ label: "Editor" }));
      const opened = page.context().waitForEvent("page");
      await interact(button("Start a test sign-in").click());
      const tab = await opened;
      await interact(tab.getByLabel("Email address").fill("tester@customer.example"));
      await interact(tab.getByRole("button", { name: /^Sign in$/ }).click());
      await tab.getByRole("heading", { name: "Result of the test sign-in" }).waitFor();
      await tab.close();
      await page.locator("#test-sign-in").getByText("The test sign-in succeeded.").waitFor();
      await page.locator("#progress li.done", { hasText: "Run a test sign-in" }).waitFor();
      await interact(button("Save and turn on").click());
      await page.getByText("Saved.").waitFor();

      const link = (await page.locator("#sign-in-link").textContent()) ?? "";
      const user = await (await newContext(width)).newPage();
      await user.goto(link);
      await interact(user.getByRole("link", { name: "Sign in with SSO" }).click());
      await interact(user.getByLabel("Email address").fill(`first-${width}@customer.example`));
      await interact(user.getByRole("button", { name: /^Sign in$/ }).click());
      await user.waitForURL(`${demo.baseUrl}/`);
      expect(await user.locator("h1").textContent()).to.include(`first-${width}@customer.example`);
      expect(interactions).to.be.at.most(MOST_INTERACTIONS);
    });
  }

  it("shows the steps at each identity provider with our values, and fills in its names", async () => {
    const page = await begin(1280);
    await page.getByRole("button", { name: "Okta" }).click();
    await page.getByText("Steps at Okta").waitFor();
    const guide = page.locator("#provider");
    expect(await guide.textContent()).to.include(`${demo.baseUrl}/saml/acs`);
    expect(await axeFindings(page)).to.deep.equal([]);
    await screenshot(page, { name: "guide" });
    expect(await page.evaluate("document.documentElement.scrollHeight")).to.be.at.most(MOST_PIXELS);
    await page.getByRole("button", { name: "User attributes" }).click();
    expect(await page.getByLabel("Email address attribute", { exact: true }).inputValue()).to.equal(
      "email",
    );
    await page.getByRole("button", { name: "Set up" }).click();
    expect(await page.getByRole("button", { name: "Okta" }).getAttribute("aria-pressed")).to.equal(
      "true",
    );
  });

  it("guides at every identity provider without a page that is too long", async () => {
    const page = await begin(1280);
    for (const { vendor } of ATTRIBUTE_PRESETS) {
      await page.goto(`${demo.baseUrl}/saml/settings/page/setup?idp=${vendor}`);
      const height = await page.evaluate("document.documentElement.scrollHeight");
      expect(height, vendor).to.be.at.most(MOST_PIXELS);
    }
  });

  it("has screens that are no longer than an administrator can take in", async () => {
    const page = await begin(1280);
    for (const screen of [
      "",
      "/setup",
      "/connections",
      "/attributes",
      "/new-users",
      "/domains",
      "/licenses",
      "/service",
      "/activity",
    ]) {
      await page.goto(`${demo.baseUrl}/saml/settings/page${screen}`);
      expect(await page.evaluate("document.documentElement.scrollHeight"), screen).to.be.at.most(
        MOST_PIXELS,
      );
    }
  });
});
