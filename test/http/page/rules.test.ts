import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { ProvisioningRule, Settings } from "../../../src/domain/settings.ts";
import { failuresIn, openSettings, startHost, type TestHost } from "../../support/host.ts";
import { makeTester } from "../../support/test-sign-ins.ts";
import { type PageVisitor, type SeenPage, visitPage } from "./support.ts";

const MANAGERS: ProvisioningRule = {
  when: { attribute: "groups", anyOf: ["managers"] },
  role: "lite",
};
const PARTNERS: ProvisioningRule = { when: { emailDomain: ["partner.example"] }, groups: ["g2"] };
const BLOCKED: ProvisioningRule = {
  when: { attribute: "groups", anyOf: ["blocked"] },
  refuse: true,
};

describe("rules on the settings page", () => {
  let host: TestHost;
  let visitor: PageVisitor;

  beforeEach(async () => {
    host = await startHost();
    visitor = visitPage(host);
  });
  afterEach(async () => {
    expect(failuresIn(host.logger)).to.deep.equal([]);
    await host.stop();
  });

  const save = (
    rules: readonly ProvisioningRule[],
    changes: Partial<Settings["autoProvisioning"]> = {},
    by = "set-up",
  ) => {
    const { autoProvisioning } = openSettings(host);
    const settings = openSettings(host, {
      autoProvisioning: { ...autoProvisioning, rules, ...changes },
    });
    return host.saml.saveSettings("default", settings, by);
  };
  const stored = async () => (await host.saml.readSettings("default")).settings.autoProvisioning;
  const ruleText = (page: SeenPage, index: number) =>
    page.text(`autoProvisioning-rules-${index}`) ?? "";

  it("are added field by field and saved", async () => {
    await save([]);
    const page = await visitor.open();
    expect(page.text("rules")).to.include("No rules: every new user gets the values above.");
    const added = await visitor.press(page, "rule-add");
    expect(added.fields.get("rule-open")).to.equal("0");
    const searched = await visitor.press(added, "rule-search", {
      "rule-attribute": " groups ",
      "rule-values": "managers\r\n leads \r\n\r\nmanagers",
      "rule-role": "lite",
      "rule-groups-search": "sal",
    });
    expect(searched.fields.get("rule-values")).to.equal("managers\r\nleads");
    expect(searched.text("rules")).to.include("Sales").and.not.include("Support");
    const changed = await visitor.press(searched, "refresh", {
      "rule-groups": "g2",
      "rule-organizations": "selected",
      "autoProvisioning-whenNoRuleMatches": "refuse",
    });
    expect(ruleText(changed, 0)).to.include(
      "groups is managers or leads → role Lite, groups Sales",
    );
    expect((await stored()).rules).to.deep.equal([]);
    const saved = await visitor.press(changed, "save", { "rule-organizations": "none" });
    expect(saved.status).to.equal(303);
    expect(await stored()).to.deep.include({
      rules: [
        {
          when: { attribute: "groups", anyOf: ["managers", "leads"] },
          role: "lite",
          groups: ["g2"],
        },
      ],
      whenNoRuleMatches: "refuse",
    });
  });

  it("may be of domains, of connections, and refuse", async () => {
    await save([MANAGERS, PARTNERS]);
    const first = await visitor.press(await visitor.open(), "rule-edit:0");
    const second = await visitor.press(first, "rule-edit:1", {
      "rule-kind": "emailDomain",
      "rule-domains": "Other.example, third.example",
      "rule-effect": "refuse",
    });
    expect(second.fields.get("rule-domains")).to.equal("partner.example");
    expect(second.fields.getAll("rule-groups")).to.deep.equal(["g2"]);
    await visitor.press(second, "save", {
      "rule-kind": "connection",
      "rule-connections": "default",
      "rule-organizations": "selected",
      "rule-organization-ids": ["o3"],
    });
    expect((await stored()).rules).to.deep.equal([
      { when: { emailDomain: ["other.example", "third.example"] }, refuse: true },
      {
        when: { connection: ["default"] },
        groups: ["g2"],
        organizations: { kind: "selected", ids: ["o3"] },
      },
    ]);
  });

  it("are moved and removed by buttons, while another one is open", async () => {
    await save([MANAGERS, PARTNERS, BLOCKED]);
    const open = await visitor.press(await visitor.open(), "rule-edit:2");
    const up = await visitor.press(open, "rule-up:2");
    expect(up.fields.get("rule-open")).to.equal("1");
    const down = await visitor.press(up, "rule-down:0");
    expect(down.fields.get("rule-open")).to.equal("0");
    const removed = await visitor.press(down, "rule-remove:1");
    expect(removed.fields.get("rule-open")).to.equal("0");
    const closed = await visitor.press(removed, "rule-close:0");
    expect(closed.fields.has("rule-open")).to.equal(false);
    await visitor.press(closed, "save");
    expect((await stored()).rules).to.deep.equal([BLOCKED, PARTNERS]);
  });

  it("show their faults where they are, and keep what was typed", async () => {
    await save([MANAGERS]);
    const added = await visitor.press(await visitor.open(), "rule-add");
    const refused = await visitor.press(added, "save", { "rule-groups": "gone" });
    expect(refused.status).to.equal(422);
    expect(refused.text("outcome"))
      .to.include("Rule 2: Enter the name of an attribute.")
      .and.include("Rule 2: Enter at least one value.")
      .and.include("Rule 2: The group gone does not exist.");
    expect(refused.html).to.include('href="#autoProvisioning-rules-1"');
    expect(ruleText(refused, 1)).to.include("Enter at least one value.");
    expect(refused.fields.getAll("rule-groups")).to.deep.equal(["gone"]);
    expect((await stored()).rules).to.deep.equal([MANAGERS]);
  });

  it("ask for a confirmation of a privileged role, each for itself", async () => {
    await save([{ ...MANAGERS, role: "administrator" }], { privilegedRoleConfirmed: true });
    const page = await visitor.open();
    expect(page.fields.get("autoProvisioning-privilegedRoleConfirmed")).to.equal("1");
    const removed = await visitor.press(page, "rule-remove:0");
    expect(
      (await visitor.press(removed, "refresh")).fields.get(
        "autoProvisioning-privilegedRoleConfirmed",
      ),
    ).to.equal("1");
    const other = await visitor.press(removed, "rule-add");
    const named = await visitor.press(other, "save", {
      "rule-attribute": "groups",
      "rule-values": "x",
      "autoProvisioning-role": "administrator",
      "rule-role": "lite",
    });
    expect(named.status).to.equal(422);
    expect(named.text("outcome")).to.include("Confirm that new users get the privileged role");
    const again = await visitor.press(named, "save", {
      "autoProvisioning-privilegedRoleConfirmed": "1",
    });
    expect(again.status).to.equal(303);
  });

  it("take values that a test sign-in has received", async () => {
    await save([]);
    const tester = makeTester(host);
    const test = await tester.begun();
    const id = "3f0c9e5e-0a3b-4d8e-9a51-2f5d8f1f7c11";
    await tester.answer(test, { attributes: { groups: [id, "x".repeat(300)] } });
    const page = await visitor.open();
    expect(page.text("rules")).to.include(`Use groups = ${id}`).and.not.include("xxx");
    const used = await visitor.press(page, `rule-use:${JSON.stringify(["groups", id])}`);
    expect(used.fields.get("rule-attribute")).to.equal("groups");
    const more = await visitor.press(used, 'rule-use:["groups","y"]');
    expect(more.fields.get("rule-values")).to.equal(`${id}\r\ny`);
    const other = await visitor.press(more, 'rule-use:["team","red"]');
    expect(other.fields.get("rule-values")).to.equal("red");
    host.clock.advance(60 * 60 * 1000 + 1);
    expect((await visitor.open()).text("rules")).not.to.include(id);
  });

  it("are previewed with attributes, and the one that decides is named", async () => {
    await save([MANAGERS, BLOCKED]);
    const page = await visitor.open();
    const preview = (attributes: string) =>
      visitor.press(page, "preview", {
        "preview-email": "new@customer.example",
        "preview-attributes": attributes,
      });
    expect((await preview("groups=staff\r\ngroups = managers")).text("preview"))
      .to.include("Rule 1: groups contains managers; decides the role")
      .and.include("Lite");
    expect((await preview("groups=blocked")).text("preview")).to.include("Refused by Rule 2");
    expect((await preview("")).text("preview"))
      .to.include("Editor")
      .and.not.include("Rule");
  });

  it("of two administrators need a choice, and a confirmation is for the chosen ones alone", async () => {
    await save([]);
    const page = await visitor.press(await visitor.open(), "rule-add");
    await save(
      [{ ...MANAGERS, role: "administrator" }],
      { privilegedRoleConfirmed: true },
      "admin-2",
    );
    const conflict = await visitor.press(page, "save", {
      "rule-attribute": "groups",
      "rule-values": "leads",
      "rule-role": "administrator",
    });
    expect(conflict.status).to.equal(409);
    expect(conflict.text("conflict"))
      .to.include("groups is leads → role Administrator")
      .and.include("groups is managers → role Administrator");
    const mine = await visitor.press(conflict, "save", {
      "resolve-autoProvisioning-rules": "mine",
    });
    expect(mine.status).to.equal(422);
    expect(mine.text("outcome")).to.include("Confirm that new users get the privileged role");
    const theirs = await visitor.press(conflict, "save", {
      "resolve-autoProvisioning-rules": "theirs",
    });
    expect(theirs.status).to.equal(303);
    expect((await stored()).rules).to.deep.equal([{ ...MANAGERS, role: "administrator" }]);
  });

  it("that name more than fits a form are kept as the API saved them", async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `many-${index}`);
    host.catalog.replace({ groups: ids.map((id) => ({ id, name: `Group ${id}` })) });
    const rule = { when: { connection: ["default"] }, groups: ids };
    await save([rule], { groups: [] });
    const page = await visitor.press(await visitor.open(), "rule-edit:0");
    expect(page.text("rules")).to.include("300 entries: too many for this form.");
    await visitor.press(page, "save", { "rule-role": "lite" });
    expect((await stored()).rules).to.deep.equal([{ when: rule.when, role: "lite", groups: ids }]);
  });

  it("survive odd buttons and forms", async () => {
    await save([MANAGERS, PARTNERS]);
    const page = await visitor.press(await visitor.open(), "rule-edit:1");
    for (const action of [
      "rule-edit:9",
      "rule-edit:-1",
      "rule-remove:x",
      "rule-up:0",
      "rule-down:1",
      "rule-use:",
      "rule-use:[1,2]",
      'rule-use:{"a":1}',
      "rule-odd:0",
    ]) {
      const after = await visitor.press(page, action);
      expect(after.status, action).to.equal(200);
      expect(after.fields.get("autoProvisioning-rules"), action).to.equal(
        page.fields.get("autoProvisioning-rules"),
      );
    }
    for (const rules of ["", "{", "{}", '[{"when":{}}]', '[{"when":{"connection":[]},"x":1}]']) {
      const odd = await visitor.press(page, "save", { "autoProvisioning-rules": rules });
      expect(odd.status, rules).to.equal(400);
    }
    const full = Array.from({ length: 100 }, (_, index) => ({
      when: { attribute: "x", anyOf: [`${index}`] },
    }));
    await save(full);
    const more = await visitor.press(await visitor.open(), "rule-add");
    expect(more.fields.has("rule-open")).to.equal(false);
  });

  it("are escaped wherever they stand", async () => {
    const hostile = `"><script>alert(1)</script>`;
    await save([{ when: { attribute: hostile, anyOf: [hostile] }, groups: ["g2"] }]);
    host.catalog.replace({
      groups: [
        { id: "g1", name: hostile },
        { id: "g2", name: hostile },
      ],
    });
    const page = await visitor.press(await visitor.open(), "rule-edit:0");
    expect(page.html).not.to.include("<script>alert");
    expect(page.fields.get("rule-attribute")).to.equal(hostile);
  });
});
