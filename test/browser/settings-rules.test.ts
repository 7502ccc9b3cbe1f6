import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type { Page } from "playwright-core";
import { openSettings } from "../support/host.ts";
import { axeFindings } from "./axe.ts";
import { type Desk, press, startDesk } from "./settings-desk.ts";

const MANAGERS = {
  when: { attribute: "groups", anyOf: ["managers", "leads"] },
  role: "lite",
  groups: ["g2"],
} as const;
const PARTNERS = { when: { emailDomain: ["partner.example"] }, refuse: true } as const;

// Playwright evaluates nothing in a page without scripts: only there is axe left out.
for (const [how, scripts] of [
  ["with", true],
  ["without", false],
] as const) {
  describe(`rules on the settings page, ${how} scripts`, () => {
    let desk: Desk;

    before(async () => {
      desk = await startDesk();
    });
    after(() => desk.stop());
    beforeEach(() => desk.host.saml.saveSettings("default", openSettings(desk.host), "set-up"));
    afterEach(async () => expect(await desk.leave()).to.deep.equal([]));

    const sitDown = () =>
      desk.sitDown({ javaScriptEnabled: scripts, path: "/settings/page/new-users" });
    const stored = async () =>
      (await desk.host.saml.readSettings("default")).settings.autoProvisioning.rules;
    const rule = (page: Page, number: number) =>
      page.locator(`[id="autoProvisioning-rules-${number - 1}"]`);
    const within = (page: Page) => page.locator("#rules");
    const save = async (page: Page) => {
      await press(page, "Save");
      await page.getByText("Saved.").waitFor();
    };
    const addManagers = async (page: Page) => {
      await press(page, "Add a rule");
      const rules = within(page);
      await rules.getByLabel("Attribute name").fill("groups");
      await rules.getByLabel("Values, one per line").fill("managers\n leads ");
      await rules.getByLabel("Role", { exact: true }).selectOption("lite");
      await rules.locator('[name="rule-groups-search"]').fill("sal");
      await rules.locator('button[value^="rule-search"]').first().click();
      await rules.getByRole("checkbox", { name: "Sales" }).check();
      await press(page, "Done: Rule 1");
      await rule(page, 1).getByText("groups is managers or leads → role Lite").waitFor();
    };

    it("are added, moved, edited and removed, and saved each time as they are shown", async () => {
      const page = await sitDown();
      await within(page).getByText("No rules: every new user gets the values above.").waitFor();
      await addManagers(page);
      if (scripts) expect(await axeFindings(page)).to.deep.equal([]);

      await press(page, "Add a rule");
      await page.getByLabel("Users with an email address of a domain").check();
      await page.getByLabel("Email domains, one per line").fill("partner.example");
      await page.getByLabel("Refuses to create the user, whatever other rules say").check();
      if (scripts) expect(await axeFindings(page)).to.deep.equal([]);
      await press(page, "Move up: Rule 2");
      await rule(page, 1).getByText("email domain is partner.example → refused").waitFor();
      expect(await stored()).to.deep.equal([]);
      await save(page);
      expect(await stored()).to.deep.equal([PARTNERS, MANAGERS]);

      await press(page, "Edit: Rule 2");
      expect(await page.getByLabel("Values, one per line").inputValue()).to.equal(
        "managers\nleads",
      );
      await page.getByLabel("Values, one per line").fill("staff");
      // Typed, not applied: another button takes it along.
      await press(page, "Remove: Rule 1");
      await rule(page, 1).getByText("groups is staff → role Lite").waitFor();
      await save(page);
      const edited = { ...MANAGERS, when: { attribute: "groups", anyOf: ["staff"] } };
      expect(await stored()).to.deep.equal([edited]);

      await press(page, "Remove: Rule 1");
      await within(page).getByText("No rules: every new user gets the values above.").waitFor();
      await save(page);
      expect(await stored()).to.deep.equal([]);
    });

    it("say what is wrong with them where they are, and keep what was typed", async () => {
      const page = await sitDown();
      await press(page, "Add a rule");
      await page.getByLabel("Attribute name").fill("groups");
      await press(page, "Save");
      await rule(page, 1).getByText("Enter at least one value.").waitFor();
      expect(await page.getByLabel("Attribute name").inputValue()).to.equal("groups");
      if (scripts) expect(await axeFindings(page)).to.deep.equal([]);
      expect(await stored()).to.deep.equal([]);
      await page.getByLabel("Values, one per line").fill("x");
      await save(page);
      expect(await stored()).to.deep.equal([{ when: { attribute: "groups", anyOf: ["x"] } }]);
    });

    it("are previewed before they are saved, and the one that decides is named", async () => {
      const page = await sitDown();
      await addManagers(page);
      await page.getByLabel("Email address", { exact: true }).fill("new@customer.example");
      await page.locator("#preview-attributes").fill("groups=managers");
      await press(page, "Show");
      await page.locator("#preview").getByText("decides the role").waitFor();
      expect(await stored()).to.deep.equal([]);
    });

    it("of a browser that goes down in the middle are as they were", async () => {
      const page = await sitDown();
      await addManagers(page);
      await page.context().close();
      expect(await stored()).to.deep.equal([]);
    });
  });
}
