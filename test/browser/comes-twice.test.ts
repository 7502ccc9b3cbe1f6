import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { runningDemo } from "../examples/support/demo-process.ts";
import { answerIdp, launchBrowser } from "./support.ts";

describe("a response that a real browser sends twice", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
  });
  const demo = runningDemo({});
  // Without scripts, the identity provider's form waits for a click.
  beforeEach(async () => {
    context = await browser.newContext({ javaScriptEnabled: false });
    page = await context.newPage();
  });
  afterEach(() => context.close());

  const beginAs = async (email: string) => {
    await page.goto(`${demo.baseUrl}/saml/login?returnTo=%2F%3Fwanted`);
    await answerIdp(page, email);
  };
  const goOn = () => page.getByRole("button", { name: "Go on" });
  const title = () => page.locator("h1").textContent();

  it("by the Back button, to where the user signed in: leads where the first led", async () => {
    await beginAs("back@customer.example");
    await goOn().click();
    await page.waitForURL(`${demo.baseUrl}/?wanted`);
    // Past the form's own page, which was the answer to a post.
    await page.evaluate(() => history.go(-2));
    await page.waitForURL(`${demo.baseUrl}/demo-idp/sso?**`);
    await answerIdp(page, "back@customer.example");
    await goOn().click();
    await page.waitForURL(`${demo.baseUrl}/?wanted`);
    expect(await title()).to.equal("Signed in as back@customer.example");
  });

  it("by a double click: leads there, or begins once more", async () => {
    await beginAs("double@customer.example");
    const { x, y, width, height } = (await goOn().boundingBox()) ?? expect.fail("no button");
    await page.mouse.dblclick(x + width / 2, y + height / 2, { delay: 10 });
    await page.waitForURL((url) => url.search === "?wanted" || url.pathname === "/demo-idp/sso");
    if (!page.url().endsWith("?wanted")) {
      // The answer to the first post was lost, with the session that it began.
      await answerIdp(page, "double@customer.example");
      await goOn().click();
      await page.waitForURL(`${demo.baseUrl}/?wanted`);
    }
    expect(await title()).to.equal("Signed in as double@customer.example");
  });

  it("from a second tab: each arrives where it wanted", async () => {
    await beginAs("tabs@customer.example");
    const other = await context.newPage();
    await other.goto(`${demo.baseUrl}/saml/login?returnTo=%2F%3Fother`);
    await answerIdp(other, "tabs@customer.example");
    await other.getByRole("button", { name: "Go on" }).click();
    await other.waitForURL(`${demo.baseUrl}/?other`);
    await goOn().click();
    await page.waitForURL(`${demo.baseUrl}/?wanted`);
    expect(await title()).to.equal("Signed in as tabs@customer.example");
  });

  it("without the cookies of the first: is refused, with a way on that works", async () => {
    await beginAs("blocked@customer.example");
    await context.clearCookies();
    await goOn().click();
    expect(await title()).to.equal("Your browser didn't send the cookie of this sign-in.");
    await page.getByRole("link", { name: "Sign in again" }).click();
    await page.getByRole("link", { name: "Sign in with SSO" }).click();
    await answerIdp(page, "blocked@customer.example");
    await goOn().click();
    await page.waitForURL(`${demo.baseUrl}/`);
    expect(await title()).to.equal("Signed in as blocked@customer.example");
  });
});
