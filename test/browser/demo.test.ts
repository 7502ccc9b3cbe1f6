import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { runningDemo } from "../examples/support/demo-process.ts";
import { answerIdp, launchBrowser, shownUser } from "./support.ts";
import { watchErrors } from "./watch.ts";

describe("the demo in a real browser", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let faults: string[];

  before(async () => {
    browser = await launchBrowser();
  });

  after(async () => {
    await browser.close();
  });
  const demo = runningDemo({});

  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    faults = watchErrors(page);
  });

  afterEach(() => context.close());

  const newEditor = (email: string) => ({
    title: `Signed in as ${email}`,
    role: "Editor",
    groups: "Staff",
    organizations: "Acme Globex",
    createdBy: "saml-jit",
  });

  it("a user from the IdP gets an account", async () => {
    await page.goto(`${demo.baseUrl}/demo-idp`);
    await answerIdp(page, "tile@customer.example");
    await page.waitForURL(`${demo.baseUrl}/`);
    expect(await shownUser(page)).to.deep.equal(newEditor("tile@customer.example"));
    expect(faults).to.deep.equal([]);
  });

  it("a user who starts at the platform gets an account", async () => {
    await page.goto(demo.baseUrl);
    await page.getByRole("link", { name: "Sign in with SSO" }).click();
    await answerIdp(page, "login@customer.example");
    await page.waitForURL(`${demo.baseUrl}/`);
    expect(await shownUser(page)).to.deep.equal(newEditor("login@customer.example"));
    await page.getByRole("button", { name: "Sign out" }).click();
    expect(await page.locator("h1").textContent()).to.equal("You are not signed in");
    expect(faults).to.deep.equal([]);
  });

  it("without scripts, one click more does it", async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const plainPage = await plain.newPage();
    await plainPage.goto(`${demo.baseUrl}/saml/login`);
    await answerIdp(plainPage, "plain@customer.example");
    await plainPage.getByRole("button", { name: "Go on" }).click();
    await plainPage.waitForURL(`${demo.baseUrl}/`);
    expect(await plainPage.locator("h1").textContent()).to.contain("plain@customer.example");
    await plain.close();
  });

  it("a refused user sees one sentence and a reference", async () => {
    await page.goto(`${demo.baseUrl}/demo-idp`);
    await page.getByRole("button", { name: "suspended@demo.example" }).click();
    await page.waitForURL(`${demo.baseUrl}/saml/acs`);
    const text = await page.locator("body").textContent();
    expect(text).to.contain("Your account is suspended.");
    expect(text).to.match(/reference/i);
  });

  it("the administrator finds the reference's entry in the audit trail", async () => {
    await page.goto(demo.baseUrl);
    await page.getByRole("button", { name: "Sign in as administrator" }).click();
    await page.waitForURL(`${demo.baseUrl}/`);
    const trail = await page.request.get(`${demo.baseUrl}/saml/settings/audit?outcome=denied`);
    expect(trail.status()).to.equal(200);
    expect(await trail.text()).to.contain("user-suspended");
  });
});
