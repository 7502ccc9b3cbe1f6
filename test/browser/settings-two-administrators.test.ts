import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { openSettings, readShort } from "../support/host.ts";
import { screenshot } from "./screenshots.ts";
import { type Desk, press, startDesk } from "./settings-desk.ts";

describe("two administrators at the settings page", () => {
  let desk: Desk;

  before(async () => {
    desk = await startDesk();
  });
  after(() => desk.stop());
  beforeEach(() => desk.host.saml.saveSettings("default", openSettings(desk.host), "set-up"));
  afterEach(async () => expect(await desk.leave()).to.deep.equal([]));

  const stored = async () => (await readShort(desk.host)).settings;

  for (const javaScriptEnabled of [true, false]) {
    it(`keep both changes, ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
      const ada = await desk.sitDown({ id: "ada", javaScriptEnabled });
      const bob = await desk.sitDown({ id: "bob", javaScriptEnabled });
      await ada.getByLabel("First name attribute").fill("givenName");
      await ada.getByRole("checkbox", { name: "West" }).check();
      await press(ada, "Save");
      await ada.getByText("Saved.").waitFor();

      await bob.getByLabel("Last name attribute").fill("sn");
      await bob.getByRole("checkbox", { name: "Sales" }).check();
      await bob.getByRole("checkbox", { name: "North" }).uncheck();
      await press(bob, "Save");
      const notice = bob.locator("#conflict");
      const text = (await notice.textContent()) ?? "";
      expect(text).to.include("ada saved these settings while you were editing.");
      expect(text).to.match(/First name attribute: before .*None.*now .*givenName/);
      expect(text).to.include("Organizations");
      expect(await bob.getByLabel("First name attribute").inputValue()).to.equal("givenName");
      expect((await stored()).profile).to.deep.equal({ firstName: "givenName" });
      if (javaScriptEnabled) await screenshot(bob, { name: "merged", part: notice });
      await press(bob, "Save");
      await bob.getByText("Saved.").waitFor();

      const { profile, autoProvisioning } = await stored();
      expect(profile).to.deep.equal({ firstName: "givenName", lastName: "sn" });
      expect(autoProvisioning.groups).to.have.members(["g1", "g2"]);
      expect(autoProvisioning.organizations).to.deep.include({ kind: "selected" });
      expect(autoProvisioning.organizations).to.have.property("ids").with.members(["o2", "o3"]);
    });
  }

  it("choose where both changed the same field; nothing is saved before", async () => {
    const ada = await desk.sitDown({ id: "ada" });
    const bob = await desk.sitDown({ id: "bob" });
    for (const [page, role] of [
      [ada, "lite"],
      [bob, "administrator"],
    ] as const) {
      await page.getByLabel("Role", { exact: true }).selectOption(role);
      await page.getByLabel("New users may get a privileged role").check();
    }
    await press(ada, "Save");
    await ada.getByText("Saved.").waitFor();
    await press(bob, "Save");
    const dispute = bob.getByRole("group", { name: "Role", exact: true });
    expect(await dispute.textContent()).to.match(/Yours: Administrator.*Theirs: Lite/);
    await screenshot(bob, { name: "disputed", part: bob.locator("#conflict") });
    await press(bob, "Save");
    expect(await bob.locator("#problems").textContent()).to.include("Choose which value to keep");
    expect((await stored()).autoProvisioning.role).to.equal("lite");
    await bob.getByRole("radio", { name: "Yours: Administrator" }).check();
    await press(bob, "Save");
    await bob.getByText("Saved.").waitFor();
    expect((await stored()).autoProvisioning.role).to.equal("administrator");
  });

  it("one turns off single sign-on while the other edits: it stays off", async () => {
    const ada = await desk.sitDown({ id: "ada" });
    const bob = await desk.sitDown({ id: "bob" });
    await bob.getByLabel("Allowed email domains").fill("customer.example");
    await press(ada, "Turn off now");
    await ada.getByText("Single sign-on is off.").waitFor();
    await press(bob, "Save");
    expect(await bob.locator("#conflict").textContent()).to.include("turned on");
    await press(bob, "Save");
    await bob.getByText("Saved.").waitFor();
    const { enabled, email } = await stored();
    expect({ enabled, domains: email.allowedDomains }).to.deep.equal({
      enabled: false,
      domains: ["customer.example"],
    });
  });
});
