import { expect } from "chai";
import { describe, it } from "mocha";
import { connectionFor, provisionedBy } from "../../src/domain/preview.ts";
import { type Connection, NEW_CONNECTION, type Settings } from "../../src/domain/settings.ts";
import { CONNECTION, LITE, SETTINGS } from "./support/examples.ts";

const named = (id: string, changes: Partial<Connection> = {}): Connection => ({
  ...CONNECTION,
  id,
  domains: [`${id}.example`],
  ...changes,
});
const OFF = named("off", { enabled: false });
const ONE = named("one");
const TWO = named("two", { acceptsOtherDomains: true });

function idFor(
  connections: readonly Connection[],
  domain: string | undefined,
  wanted?: string,
): string {
  const settings: Settings = { ...SETTINGS, connections };
  return connectionFor(settings, domain, wanted).id;
}

describe("the connection of a preview", () => {
  it("is the one that is wanted, enabled or not, if there is one", () => {
    expect(idFor([ONE, TWO, OFF], "one.example", "two")).to.equal("two");
    expect(idFor([ONE, TWO, OFF], "one.example", "off")).to.equal("off");
    expect(idFor([ONE, TWO, OFF], "two.example", "gone")).to.equal("two");
  });

  it("is the enabled one that the domain leads to", () => {
    expect(idFor([ONE, TWO], "two.example")).to.equal("two");
    expect(idFor([ONE, TWO], "elsewhere.example")).to.equal("two");
    expect(idFor([ONE, OFF], "elsewhere.example")).to.equal("one");
    expect(idFor([OFF, ONE, TWO], "off.example")).to.equal("two");
  });

  it("is the first enabled one without a domain, otherwise any, otherwise a new one", () => {
    expect(idFor([OFF, TWO, ONE], undefined)).to.equal("two");
    expect(idFor([OFF, ONE, TWO], undefined)).to.equal("one");
    expect(idFor([OFF], undefined)).to.equal("off");
    expect(idFor([OFF], "off.example")).to.equal("off");
    expect(connectionFor({ ...SETTINGS, connections: [] }, "x.example", undefined)).to.equal(
      NEW_CONNECTION,
    );
  });
});

describe("what decides a new user's role", () => {
  const rule = { number: 1, matched: { connection: "default" } };
  const receipt = { settingsVersion: 1 };

  it("is the defaults, or a rule that names a role", () => {
    expect(provisionedBy({ receipt, warnings: [] })).to.equal("defaults");
    const only = { ...receipt, rules: [rule] };
    expect(provisionedBy({ receipt: only, warnings: [] })).to.equal("defaults");
    const gives = { ...receipt, rules: [rule, { ...rule, role: LITE.id }] };
    expect(provisionedBy({ receipt: gives, warnings: [] })).to.equal("rule");
    const other = { code: "groups-left-out" } as const;
    expect(provisionedBy({ receipt: gives, warnings: [other] })).to.equal("rule");
  });

  it("is the policy for exhausted licenses, where it had to decide", () => {
    const gives = { ...receipt, rules: [{ ...rule, role: LITE.id }] };
    const over = { code: "license-overage", after: 6, limit: 5 } as const;
    const back = { code: "license-fallback", role: LITE.id, instead: "editor" } as const;
    expect(provisionedBy({ receipt: gives, warnings: [over] })).to.equal("license-overage");
    expect(provisionedBy({ receipt, warnings: [back] })).to.equal("license-fallback");
  });
});
