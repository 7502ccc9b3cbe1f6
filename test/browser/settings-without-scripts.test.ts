import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { openSettings, readShort } from "../support/host.ts";
import { screenshot } from "./screenshots.ts";
import { type Desk, press, startDesk } from "./settings-desk.ts";

describe("the settings page without scripts", () => {
  let desk: Desk;

  before(async () => {
    desk = await startDesk();
  });
  after(() => desk.stop());
  beforeEach(() => desk.host.saml.saveSettings("default", openSettings(desk.host), "set-up"));
  afterEach(async () => expect(await desk.leave()).to.deep.equal([]));

  const sitDown = () => desk.sitDown({ javaScriptEnabled: false });
  const stored = async () => (await readShort(desk.host)).settings;

  it("reads metadata, searches, previews, saves and switches off", async () => {
    const page = await sitDown();
    await page.locator("summary", { hasText: "Import metadata" }).click();
    await page.getByLabel("Metadata (XML)").fill(desk.host.idp.metadata());
    await page.getByLabel("Issuer (entity ID)").fill("typed over");
    await press(page, "Import metadata");
    await page.getByText("The form is filled in from the metadata.").waitFor();
    expect(await page.getByLabel("Issuer (entity ID)").inputValue()).to.equal(
      desk.host.idp.entityId,
    );
    await page.getByLabel("Search organizations").fill("wes");
    await page.locator('button[value="organizations-search"]').click();
    await page.getByRole("checkbox", { name: "West" }).check();
    await press(page, "Clear the search");
    expect(await page.getByRole("checkbox").filter({ visible: true }).count()).to.be.greaterThan(3);
    await page.getByLabel("Email address", { exact: true }).fill("new@customer.example");
    await press(page, "Show");
    const preview = await page.locator("#preview").textContent();
    expect(preview).to.match(
      /A user would be created for new@customer\.example.*North.*South.*West/,
    );
    await press(page, "Save");
    await page.getByText("Saved.").waitFor();
    expect((await stored()).autoProvisioning.organizations).to.deep.include({
      ids: ["o1", "o2", "o3"],
    });
    await press(page, "Turn off now");
    await page.getByText("Single sign-on is off.").waitFor();
    expect((await stored()).enabled).to.equal(false);
  });

  it("says at each field what is wrong, and keeps what was typed", async () => {
    const page = await sitDown();
    const typed = new Map([
      ["Issuer (entity ID)", ""],
      ["Single sign-on URL", "javascript:alert(1)"],
      ["Single logout URL", "ftp://idp.example"],
      ["Allowed email domains", "customer.example\nnot a domain!"],
      ["First name attribute", "x".repeat(300)],
    ]);
    for (const [label, text] of typed) await page.getByRole("textbox", { name: label }).fill(text);
    await page.getByLabel("Role", { exact: true }).selectOption("administrator");
    await press(page, "Save");
    await page.getByText(/^Nothing was saved: [4-9] problems/).waitFor();
    await screenshot(page, { name: "problems", part: page.locator("#problems") });
    for (const [label, text] of typed) {
      const field = page.getByRole("textbox", { name: label });
      if (!label.startsWith("Allowed")) expect(await field.inputValue()).to.equal(text);
      expect(await field.getAttribute("aria-invalid"), label).to.equal("true");
      const [said = ""] = ((await field.getAttribute("aria-describedby")) ?? "")
        .split(" ")
        .filter((id) => id.endsWith("-fault"));
      expect(await page.locator(`[id="${said}"]`).textContent(), label).to.match(/^Problem: \S/);
    }
    expect(await page.getByLabel("Allowed email domains").inputValue()).to.include("domain!");
    expect(await stored()).to.deep.equal(openSettings(desk.host));
  });

  it("a browser that goes down in the middle leaves everything as it was", async () => {
    const page = await desk.sitDown();
    await page.getByLabel("Single sign-on URL").fill("https://idp.example/half-typed");
    await press(page, "Add a certificate");
    await page.getByRole("checkbox", { name: "West" }).check();
    await page.getByLabel("Search organizations").fill("nor");
    await page.context().close();
    expect(await stored()).to.deep.equal(openSettings(desk.host));
    const again = await desk.sitDown();
    expect(await again.getByLabel("Single sign-on URL").inputValue()).to.equal(
      "https://idp.example/sso",
    );
    expect(await again.getByRole("checkbox", { name: "West" }).isChecked()).to.equal(false);
  });
});
