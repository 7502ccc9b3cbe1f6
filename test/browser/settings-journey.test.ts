import { expect } from "chai";
import { after, afterEach, before, describe, it } from "mocha";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { runningDemo } from "../examples/support/demo-process.ts";
import { axeFindings } from "./axe.ts";
import { screenshot } from "./screenshots.ts";
import { press } from "./settings-desk.ts";
import { answerIdp, launchBrowser, shownUser } from "./support.ts";
import { watch } from "./watch.ts";

/** From nothing to the first sign-in, to a refusal and back, on the demo with its own identity provider. */
describe("an administrator sets single sign-on up", () => {
  let browser: Browser;
  let faults: (readonly string[])[] = [];

  before(async () => {
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
  });
  const demo = runningDemo({
    JIT_GROUPS: "Reviewers",
    JIT_ORGANIZATIONS: "Initech, Umbrella, Hooli",
    LICENSE_LIMIT: "25",
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(faults.flat()).to.deep.equal([]);
    faults = [];
  });

  async function newContext(): Promise<BrowserContext> {
    const context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
    context.setDefaultTimeout(15_000);
    faults.push(watch(context, demo.baseUrl));
    return context;
  }

  async function signInAs(email: string): Promise<Page> {
    const page = await (await newContext()).newPage();
    await page.goto(`${demo.baseUrl}/saml/sign-in`);
    await page.getByRole("link", { name: "Sign in with SSO" }).click();
    await answerIdp(page, email);
    return page;
  }

  async function openPage(): Promise<Page> {
    const page = await (await newContext()).newPage();
    await page.goto(demo.baseUrl);
    await page.getByRole("button", { name: "Sign in as administrator" }).click();
    await page.getByRole("link", { name: "Single sign-on settings" }).click();
    await page.getByRole("button", { name: "All settings" }).click();
    return page;
  }

  /** Nothing is set up any more. */
  async function startAnew(page: Page): Promise<void> {
    await press(page, "Turn off now");
    await page.getByText("Single sign-on is off.").waitFor();
    for (const label of ["Issuer (entity ID)", "Single sign-on URL"]) {
      await page.getByLabel(label).fill("");
    }
    await press(page, "Remove certificate 1");
    await page.getByLabel("Role", { exact: true }).selectOption("");
    await page.getByLabel("Create users at their first sign-in").uncheck();
    await press(page, "Save");
    await page.getByText("Saved.").waitFor();
  }

  it("from metadata by a test sign-in to a new user, a refusal and its cause", async () => {
    const page = await openPage();
    await startAnew(page);

    await readMetadata(page);
    await page.getByLabel("Product").selectOption({ label: "Microsoft Entra ID" });
    await press(page, "Fill in");
    await page
      .getByText("The attribute names of Microsoft Entra ID are filled in.")
      .first()
      .waitFor();
    expect(await page.getByRole("radio", { name: "One attribute" }).isChecked()).to.equal(true);
    await page.getByLabel("Allowed email domains").fill("customer.example");
    await page.getByLabel("Create users at their first sign-in").check();
    await page.getByLabel("Role", { exact: true }).selectOption("Creator");
    await page.getByRole("checkbox", { name: "Staff" }).check();
    await page.getByLabel("Search organizations").fill("hoo");
    await page.getByRole("checkbox", { name: "Initech" }).waitFor({ state: "hidden" });
    await page.getByRole("checkbox", { name: "Hooli" }).uncheck();
    await press(page, "Clear the search");
    await page.getByRole("checkbox", { name: "Initech" }).waitFor();
    expect(await page.getByRole("checkbox", { name: "Hooli" }).isChecked()).to.equal(false);

    // What nobody has tried is not switched on by accident.
    await press(page, "Save and turn on");
    await page.getByText("Nothing was saved: 1 problem").waitFor();
    expect(await page.locator("#problems a").getAttribute("href")).to.equal("#untested");

    await testSignIn(page, "tester@customer.example");
    const shown = page.locator("#test-sign-in");
    await shown.getByText("The test sign-in succeeded.").waitFor();
    expect(await shown.textContent()).to.match(/A user would be created for.*Creator.*Staff/);
    await screenshot(page, { name: "test", part: page.locator("#test") });
    await press(page, "Save and turn on");
    await page.getByText("Saved.").waitFor();
    expect(await page.locator("#status").textContent()).to.match(/^Single sign-on: On/);

    const arrived = await signInAs("grace@customer.example");
    await arrived.waitForURL(`${demo.baseUrl}/`);
    expect(await shownUser(arrived)).to.deep.equal({
      title: "Signed in as grace@customer.example",
      role: "Creator",
      groups: "Reviewers Staff",
      organizations: "Initech Umbrella",
      createdBy: "saml-jit",
    });
    const refused = await signInAs("mallory@elsewhere.example");
    await refused.getByText("Reference:").waitFor();
    const reference = (await refused.locator("code").textContent()) ?? "";

    await page.reload();
    expect(await page.locator("#activity").textContent()).to.include("grace@customer.example");
    await page.getByRole("link", { name: /^All activity/ }).click();
    await page.getByLabel("Reference").fill(` ${reference.toLowerCase().replaceAll("-", " ")} `);
    await page.locator("form").getByRole("button", { name: "Show" }).click();
    const entry = page.locator(".entry");
    await entry.getByText("Add the domain under").waitFor();
    expect(await entry.textContent()).to.include("elsewhere.example");
    await screenshot(page, { name: "refusal" });

    await page.goBack();
    await page.goto(`${demo.baseUrl}/saml/settings/page/all`);
    await page.setViewportSize({ width: 900, height: 1300 });
    await screenshot(page, { name: "page", screen: true });
    await press(page, "Turn off now");
    await page.getByText("Single sign-on is off.").waitFor();
    const late = await (await newContext()).newPage();
    await late.goto(`${demo.baseUrl}/saml/sign-in`);
    await late.getByText("Single sign-on is turned off.").waitFor();
  });

  /** Pastes the identity provider's metadata; what it fills in is seen before anything is saved. */
  async function readMetadata(page: Page): Promise<void> {
    const metadata = await page.request.get(`${demo.baseUrl}/demo-idp/metadata`);
    await page.getByLabel("Metadata (XML)").fill(await metadata.text());
    await press(page, "Import metadata");
    await page.getByText("The form is filled in from the metadata.").waitFor();
    expect(await page.getByLabel("Single sign-on URL").inputValue()).to.equal(
      `${demo.baseUrl}/demo-idp/sso`,
    );
    const settings = await page.request.get(`${demo.baseUrl}/saml/settings`);
    expect(await settings.text()).not.to.include("demo-idp/sso");
  }

  /** In a tab of its own, there and back; the page with the settings learns of it. */
  async function testSignIn(page: Page, email: string): Promise<void> {
    const opened = page.context().waitForEvent("page");
    await page.getByRole("button", { name: "Start a test sign-in" }).click();
    const tab = await opened;
    await answerIdp(tab, email);
    await tab.getByRole("heading", { name: "Result of the test sign-in" }).waitFor();
    expect(await tab.locator("main").textContent()).to.include("No one was signed in");
    expect(await axeFindings(tab)).to.deep.equal([]);
    await screenshot(tab, { name: "test-result" });
    await tab.close();
  }
});
