import { expect } from "chai";
import { after, afterEach, before, describe, it } from "mocha";
import { openSettings, readShort } from "../support/host.ts";
import { expectKeyboardReaches } from "./keyboard.ts";
import { type Desk, startDesk } from "./settings-desk.ts";

describe("the settings page by keyboard alone", () => {
  let desk: Desk;

  before(async () => {
    desk = await startDesk();
  });
  after(() => desk.stop());
  afterEach(async () => expect(await desk.leave()).to.deep.equal([]));

  it("reaches everything in the order of the page, always in sight", async () => {
    await desk.host.saml.saveSettings("default", openSettings(desk.host), "set-up");
    const page = await desk.sitDown({ viewport: { width: 1100, height: 700 } });
    expect(await expectKeyboardReaches(page)).to.be.greaterThan(40);
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
