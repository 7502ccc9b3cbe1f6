import { expect } from "chai";
import { describe, it } from "mocha";
import { ConfigError, readConfig } from "../../examples/demo/config.ts";

describe("the demo: reading its environment", () => {
  it("has a default for everything", () => {
    expect(readConfig({})).to.deep.equal({
      port: 3000,
      database: { kind: "sqlite", path: ".cache/demo.sqlite" },
      defaults: { role: "Editor", groups: ["Staff"], organizations: ["Acme", "Globex"] },
      rules: [],
      whenNoRuleMatches: "defaults",
      allowedDomains: [],
      loopbackMetadata: false,
      enforcement: { enabled: false, exempt: [] },
    });
  });

  it("takes rules as JSON, by the names of roles, groups and organizations", () => {
    const rules = [
      {
        when: { attribute: "groups", anyOf: ["managers"] },
        role: "manager",
        groups: ["Reviewers"],
      },
      { when: { attribute: "groups", anyOf: ["blocked"] }, refuse: true },
      { when: { emailDomain: ["partner.example"] }, role: "Creator", organizations: ["Umbrella"] },
      { when: { connection: ["default"] }, organizations: "all" },
    ];
    const config = readConfig({
      JIT_RULES: JSON.stringify(rules),
      WHEN_NO_RULE_MATCHES: " refuse ",
    });
    expect(config.whenNoRuleMatches).to.equal("refuse");
    expect(config.rules).to.deep.equal([
      {
        when: { attribute: "groups", anyOf: ["managers"] },
        role: "Manager",
        groups: ["Reviewers"],
      },
      { when: { attribute: "groups", anyOf: ["blocked"] }, refuse: true },
      {
        when: { emailDomain: ["partner.example"] },
        role: "Creator",
        organizations: { kind: "selected", ids: ["Umbrella"] },
      },
      { when: { connection: ["default"] }, organizations: { kind: "all" } },
    ]);
  });

  for (const faulty of [
    "{",
    "{}",
    '[{"when":{}}]',
    '[{"when":{"connection":["x"]},"role":"Owner"}]',
  ]) {
    it(`refuses ${faulty} for rules, by the variable`, () => {
      expect(() => readConfig({ JIT_RULES: faulty })).to.throw(ConfigError, "JIT_RULES");
    });
  }

  it("takes names apart at commas, trims them and names each once", () => {
    const { defaults, allowedDomains } = readConfig({
      JIT_ROLE: " lite ",
      JIT_GROUPS: " Night shift,Ops ,, Ops",
      JIT_ORGANIZATIONS: "Åland & Söner",
      ALLOWED_EMAIL_DOMAINS: "Customer.Example, bücher.example",
    });
    expect(defaults).to.deep.equal({
      role: "Lite",
      groups: ["Night shift", "Ops"],
      organizations: ["Åland & Söner"],
    });
    expect(allowedDomains).to.deep.equal(["customer.example", "xn--bcher-kva.example"]);
  });

  for (const all of ["all", "ALL", "*", " * "]) {
    it(`takes ${JSON.stringify(all)} for all organizations`, () => {
      expect(readConfig({ JIT_ORGANIZATIONS: all }).defaults.organizations).to.equal("all");
    });
  }

  it("takes an empty list for none", () => {
    const { defaults } = readConfig({ JIT_GROUPS: "", JIT_ORGANIZATIONS: "" });
    expect(defaults).to.include({ role: "Editor" });
    expect(defaults.groups).to.deep.equal([]);
    expect(defaults.organizations).to.deep.equal([]);
  });

  it("takes a base URL without its last slash", () => {
    expect(readConfig({ BASE_URL: "https://App.example/" }).baseUrl).to.equal(
      "https://app.example",
    );
  });

  for (const [url, database] of [
    ["sqlite:/data/x.sqlite", { kind: "sqlite", path: "/data/x.sqlite" }],
    ["sqlite:///data/x.sqlite", { kind: "sqlite", path: "/data/x.sqlite" }],
    ["postgresql://u@h/d", { kind: "postgres", url: "postgresql://u@h/d" }],
    ["mariadb://u@h/d", { kind: "mysql", url: "mysql://u@h/d" }],
  ] as const) {
    it(`knows the database of ${url}`, () => {
      expect(readConfig({ DATABASE_URL: url }).database).to.deep.equal(database);
    });
  }

  it("lets metadata come from this computer only where nobody else can reach the demo", () => {
    const allowed = { LOOPBACK_METADATA: "true" };
    for (const local of [{}, { BASE_URL: "http://localhost:3000" }, { HOST: "::1" }]) {
      expect(readConfig({ ...allowed, ...local }).loopbackMetadata).to.equal(true);
    }
    for (const open of [
      { BASE_URL: "https://demo.example" },
      { BASE_URL: "http://localhost.example" },
      { HOST: "0.0.0.0" },
      { HOST: "127.0.0.1", BASE_URL: "https://demo.example" },
      { HOST: "192.168.1.2", BASE_URL: "http://localhost:3000" },
    ]) {
      expect(() => readConfig({ ...allowed, ...open })).to.throw(ConfigError, "LOOPBACK_METADATA");
      expect(readConfig(open).loopbackMetadata).to.equal(false);
    }
    expect(() => readConfig({ LOOPBACK_METADATA: "1" })).to.throw(ConfigError, "LOOPBACK_METADATA");
  });

  it("reports all faults together, by variable", () => {
    const wrong = {
      PORT: "99999",
      BASE_URL: "https://app.example/path",
      DATABASE_URL: "oracle://x",
      JIT_ROLE: "Owner",
      JIT_ORGANIZATIONS: "Acme,all",
      JIT_RULES: "managers",
      WHEN_NO_RULE_MATCHES: "never",
      LICENSE_LIMIT: "-1",
      ALLOWED_EMAIL_DOMAINS: "not a domain",
    };
    expect(() => readConfig(wrong)).to.throw(ConfigError);
    try {
      readConfig(wrong);
    } catch (error) {
      const { message } = error as Error;
      for (const name of Object.keys(wrong)) expect(message).to.contain(name);
      expect(message).to.contain("Lite, Creator, Editor, Manager, Administrator");
    }
  });
});
