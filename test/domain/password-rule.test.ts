import { expect } from "chai";
import { describe, it } from "mocha";
import { type Connection, passwordRule, type Settings } from "../../src/domain/settings.ts";
import { CONNECTION, emailOf, SETTINGS } from "./support/examples.ts";

const EXEMPT = emailOf("admin@corp.example");
const ADA = emailOf("ada@corp.example");
const EVE = emailOf("eve@elsewhere.example");

const OPEN: Connection = { ...CONNECTION, domains: [], acceptsOtherDomains: true };

function rulesOf(changes: Partial<Settings> = {}): readonly string[] {
  const enforcement = { enabled: true, exempt: [EXEMPT] };
  const settings = { ...SETTINGS, enforcement, ...changes };
  return [EXEMPT, ADA, EVE].map((email) => passwordRule(settings, email));
}

const NOBODY = ["not-enforced", "not-enforced", "not-enforced"];

describe("the rule for passwords", () => {
  it("is enforced for the domains that connections list, but for exempt addresses", () => {
    expect(rulesOf()).to.deep.equal(["exempt", "enforced", "not-enforced"]);
    const others = [{ ...CONNECTION, acceptsOtherDomains: true }];
    expect(rulesOf({ connections: others })).to.deep.equal(["exempt", "enforced", "not-enforced"]);
  });

  it("is enforced for all addresses if no connection lists any", () => {
    expect(rulesOf({ connections: [OPEN] })).to.deep.equal(["exempt", "enforced", "enforced"]);
  });

  it("holds nobody to a way that is closed", () => {
    expect(rulesOf({ enabled: false })).to.deep.equal(NOBODY);
    expect(rulesOf({ connections: [] })).to.deep.equal(NOBODY);
    expect(rulesOf({ connections: [{ ...CONNECTION, enabled: false }] })).to.deep.equal(NOBODY);
    const { idp: _, ...unconnected } = CONNECTION;
    expect(rulesOf({ connections: [unconnected] })).to.deep.equal(NOBODY);
    // Turned off, a connection gives its domains to nobody.
    const closed = { ...CONNECTION, id: "closed", enabled: false };
    expect(rulesOf({ connections: [OPEN, closed] })).to.deep.equal([
      "not-enforced",
      "not-enforced",
      "enforced",
    ]);
    const none = { ...OPEN, acceptsOtherDomains: false };
    expect(rulesOf({ connections: [none] })).to.deep.equal(NOBODY);
  });

  it("is not enforced unless it is turned on", () => {
    expect(rulesOf({ enforcement: { enabled: false, exempt: [EXEMPT] } })).to.deep.equal(NOBODY);
  });
});
