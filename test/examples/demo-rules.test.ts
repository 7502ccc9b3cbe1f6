import { expect } from "chai";
import { describe, it } from "mocha";
import { runningDemo } from "./support/demo-process.ts";
import { makeVisitor } from "./support/visitor.ts";

describe("the demo: rules for new users", () => {
  const demo = runningDemo({
    JIT_ROLE: "Editor",
    JIT_GROUPS: "Staff",
    JIT_RULES: JSON.stringify([
      {
        when: { attribute: "groups", anyOf: ["managers"] },
        role: "Manager",
        groups: ["Reviewers", "Night shift"],
      },
      { when: { attribute: "groups", anyOf: ["blocked"] }, refuse: true },
      { when: { emailDomain: ["partner.example"] }, role: "Creator", organizations: "all" },
    ]),
    WHEN_NO_RULE_MATCHES: "defaults",
  });

  const whoIs = async (email: string, groups?: string) => {
    const visitor = makeVisitor(demo.baseUrl);
    const page = await visitor.fromTile(email, groups);
    return { page, who: await visitor.whoami() };
  };

  it("give managers another role, and more groups", async () => {
    const { who } = await whoIs("boss@customer.example", "staff, managers");
    expect(who).to.deep.include({
      role: "Manager",
      groups: ["Night shift", "Reviewers", "Staff"],
      organizations: ["Acme", "Globex"],
    });
  });

  it("give partners all organizations, and others the defaults", async () => {
    const partner = await whoIs("eve@partner.example");
    expect(partner.who).to.include({ role: "Creator", allOrganizations: true });
    const other = await whoIs("new@customer.example", "Managers");
    expect(other.who).to.deep.include({ role: "Editor", groups: ["Staff"] });
  });

  it("refuse the blocked, but nobody who is there already", async () => {
    const { page, who } = await whoIs("bad@customer.example", "managers,blocked");
    expect(page.status).to.equal(403);
    expect(page.text).to.contain("Your organization doesn't allow you to have an account here.");
    expect(who.status).to.equal(401);
    const known = await whoIs("boss@customer.example", "blocked");
    expect(known.who).to.deep.include({
      role: "Manager",
      groups: ["Night shift", "Reviewers", "Staff"],
    });
  });
});
