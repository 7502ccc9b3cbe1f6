import { expect } from "chai";
import { describe, it } from "mocha";
import { matchingRules, withRules } from "../../src/domain/provisioning-rules.ts";
import type { AutoProvisioning, ProvisioningRule } from "../../src/domain/settings.ts";
import {
  decideSignIn,
  type SignInDecision,
  type UserLookup,
} from "../../src/domain/sign-in-decision.ts";
import {
  ADMINISTRATOR,
  asserted,
  CONNECTION,
  catalogOf,
  EDITOR,
  emailOf,
  identityOf,
  known,
  LITE,
  PROVISIONING,
  savedSettings,
  unknown,
} from "./support/examples.ts";

const ADA = emailOf("ada@corp.example");
const ENTRA_GROUPS = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
const ENTRA_LINK = "http://schemas.microsoft.com/claims/groups.link";

function ofGroup(value: string, gives: Omit<ProvisioningRule, "when"> = {}): ProvisioningRule {
  return { when: { attribute: "groups", anyOf: [value] }, ...gives };
}

/** The numbers of the rules that match. */
function numbers(
  rules: readonly ProvisioningRule[],
  attributes: Readonly<Record<string, readonly string[]>> = {},
): readonly number[] {
  return matchingRules(rules, ADA, asserted(attributes)).map(({ number }) => number);
}

function decide(
  provisioning: Partial<AutoProvisioning>,
  attributes: Readonly<Record<string, readonly string[]>> = {},
  lookup: UserLookup = unknown(),
): SignInDecision {
  return decideSignIn({
    identity: identityOf(ADA),
    asserted: asserted(attributes),
    settings: savedSettings(provisioning),
    lookup,
  });
}

function provisioned(
  provisioning: Partial<AutoProvisioning>,
  attributes: Readonly<Record<string, readonly string[]>> = {},
  lookup: UserLookup = unknown(),
) {
  const decision = decide(provisioning, attributes, lookup);
  if (decision.kind !== "provision") return expect.fail(JSON.stringify(decision));
  return decision;
}

describe("the condition of a rule", () => {
  it("is a value of the attribute with exactly this name", () => {
    const rule = { when: { attribute: "groups", anyOf: ["managers", "leads"] } };
    expect(matchingRules([rule], ADA, asserted({ groups: ["staff", "leads"] }))).to.deep.equal([
      { number: 1, matched: { attribute: "groups", value: "leads" } },
    ]);
    expect(numbers([rule], { groups: ["staff"] })).to.deep.equal([]);
    expect(numbers([rule], { groups: [] })).to.deep.equal([]);
    expect(numbers([rule])).to.deep.equal([]);
    for (const name of ["Groups", "groups ", " groups", "group", "urn:groups"]) {
      expect(numbers([rule], { [name]: ["managers"] }), name).to.deep.equal([]);
    }
    for (const value of ["Managers", "managers ", " managers", "managers,leads", "manager", ""]) {
      expect(numbers([rule], { groups: [value] }), value).to.deep.equal([]);
    }
  });

  it("counts the values of an attribute that is there several times together", () => {
    const attributes = [
      { name: "groups", values: ["staff"] },
      { name: "mail", values: ["leads"] },
      { name: "groups", values: ["managers"] },
    ];
    const rules = [ofGroup("managers"), ofGroup("staff"), ofGroup("leads")];
    const found = matchingRules(rules, ADA, {
      attributes,
      connection: { ...CONNECTION, id: "default" },
    });
    expect(found.map(({ number }) => number)).to.deep.equal([1, 2]);
  });

  it("is not what every object has", () => {
    for (const attribute of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      const rule = { when: { attribute, anyOf: ["constructor", "length", "Object"] } };
      expect(numbers([rule], { groups: ["x"] }), attribute).to.deep.equal([]);
    }
    const rule = { when: { attribute: "constructor", anyOf: ["x"] } };
    expect(numbers([rule], { constructor: ["x"] })).to.deep.equal([1]);
  });

  it("is the domain of the address, and no other domain below or above it", () => {
    const of = (...emailDomain: readonly string[]) => numbers([{ when: { emailDomain } }]);
    expect(of("other.example", "corp.example")).to.deep.equal([1]);
    expect(of("example")).to.deep.equal([]);
    expect(of("eu.corp.example")).to.deep.equal([]);
    expect(
      matchingRules([{ when: { emailDomain: ["corp.example"] } }], ADA, asserted()),
    ).to.deep.equal([{ number: 1, matched: { emailDomain: "corp.example" } }]);
  });

  it("is the connection of the sign-in", () => {
    const rules = [{ when: { connection: ["main", "default"] } }, { when: { connection: ["x"] } }];
    expect(matchingRules(rules, ADA, asserted())).to.deep.equal([
      { number: 1, matched: { connection: "default" } },
    ]);
  });
});

describe("what matching rules give", () => {
  const rules = [
    ofGroup("managers", { groups: ["reviewers"] }),
    ofGroup("leads", { role: LITE.id, organizations: { kind: "selected", ids: ["east"] } }),
    ofGroup("staff", { role: "other", groups: ["designers", "guests"] }),
  ];
  const groups = ["managers", "leads", "staff"];

  it("is the role of the first that names one, and the groups and organizations of all", () => {
    const matched = matchingRules(rules, ADA, asserted({ groups }));
    expect(withRules(PROVISIONING, matched)).to.deep.equal({
      ...PROVISIONING,
      role: "lite",
      groups: ["designers", "reviewers", "reviewers", "designers", "guests"],
      organizations: { kind: "selected", ids: ["north", "south", "east"] },
    });
  });

  it("is nothing where none matches", () => {
    expect(withRules(PROVISIONING, [])).to.deep.equal(PROVISIONING);
  });

  it("is every organization if one says so, or the defaults do", () => {
    const all = { kind: "all" } as const;
    const selected = { kind: "selected", ids: ["north"] } as const;
    for (const given of [
      [all, selected],
      [selected, all],
      [selected, all, selected],
    ] as const) {
      const matched = given.map((organizations, index) => ({
        number: index + 1,
        matched: { connection: "default" },
        organizations,
      }));
      expect(withRules(PROVISIONING, matched).organizations).to.deep.equal(all);
    }
    const matched = [{ number: 1, matched: { connection: "x" }, organizations: selected }];
    const defaults = { ...PROVISIONING, organizations: all };
    expect(withRules(defaults, matched).organizations).to.deep.equal(all);
  });

  it("is created with the rules in the receipt", () => {
    const { user, receipt } = provisioned({ rules }, { groups: ["leads", "managers"] });
    expect(user).to.deep.include({
      role: "lite",
      groups: ["designers", "reviewers"],
      organizations: { kind: "selected", ids: ["north", "south", "east"] },
    });
    expect(receipt).to.deep.equal({
      settingsVersion: 7,
      seatsBefore: 3,
      seatsAfter: 3,
      rules: [
        {
          number: 1,
          matched: { attribute: "groups", value: "managers" },
          groups: ["reviewers"],
        },
        {
          number: 2,
          matched: { attribute: "groups", value: "leads" },
          role: "lite",
          organizations: { kind: "selected", ids: ["east"] },
        },
      ],
    });
  });

  it("is the defaults, without rules in the receipt, where none matches", () => {
    const { user, receipt } = provisioned({ rules }, { groups: ["visitors"] });
    expect(user).to.include({ role: "editor" });
    expect(receipt).not.to.have.any.keys("rules");
  });

  it("is nothing for a user who exists", () => {
    const said = { groups: ["managers", "blocked"] };
    const refusing = { rules: [...rules, ofGroup("blocked", { refuse: true })] };
    expect(decide(refusing, said, known("active"))).to.deep.equal({
      kind: "sign-in",
      userId: "u1",
    });
    expect(decide(refusing, said, known("invited"))).to.deep.equal({
      kind: "accept-invitation",
      userId: "u1",
    });
  });
});

describe("a rule that refuses", () => {
  const rules = [
    ofGroup("managers", { role: "editor" }),
    ofGroup("blocked", { refuse: true }),
    ofGroup("barred", { refuse: true }),
  ];

  it("does so although an earlier rule gives, and is named", () => {
    const decision = decide({ rules }, { groups: ["managers", "blocked", "barred"] });
    expect(decision).to.deep.equal({
      kind: "deny",
      reason: "refused-by-rule",
      detail: "rule 2 (groups = blocked) refuses",
      rule: { number: 2, matched: { attribute: "groups", value: "blocked" }, refuse: true },
    });
  });

  it("says which domain or connection it refuses", () => {
    const detail = (when: ProvisioningRule["when"]) => {
      const decision = decide({ rules: [{ when, refuse: true }] });
      return decision.kind === "deny" ? decision.detail : undefined;
    };
    expect(detail({ emailDomain: ["corp.example"] })).to.equal(
      "rule 1 (email domain corp.example) refuses",
    );
    expect(detail({ connection: ["default"] })).to.equal("rule 1 (connection default) refuses");
  });

  it("is not needed while auto-provisioning is off", () => {
    const decision = decide({ rules, enabled: false }, { groups: ["blocked"] });
    expect(decision).to.include({ kind: "deny", reason: "jit-disabled" });
  });
});

describe("when no rule matches", () => {
  const refuse = { whenNoRuleMatches: "refuse" } as const;
  const rules = [ofGroup("managers")];

  it("the user gets the defaults, or is refused", () => {
    expect(provisioned({ rules }).user).to.include({ role: "editor" });
    expect(decide({ rules, ...refuse })).to.deep.equal({
      kind: "deny",
      reason: "no-rule-matched",
      detail: "no rule for new users matches",
    });
    expect(decide({ rules: [], ...refuse })).to.include({ reason: "no-rule-matched" });
  });

  it("a rule that gives nothing lets its users in with the defaults", () => {
    expect(provisioned({ rules, ...refuse }, { groups: ["managers"] }).user).to.deep.include({
      role: "editor",
      groups: ["designers", "reviewers"],
    });
  });
});

describe("groups that Entra left out", () => {
  for (const marker of [ENTRA_LINK, "_claim_names"]) {
    const link = { [marker]: ["https://graph.example/users/1/getMemberObjects"] };

    it(`are no groups, and raise a warning: ${marker}`, () => {
      const rules = [
        ofGroup("managers", { role: LITE.id }),
        { when: { attribute: ENTRA_GROUPS, anyOf: ["managers"] }, role: LITE.id },
        { when: { attribute: marker, anyOf: link[marker] ?? [] }, role: LITE.id },
        { when: { attribute: "team", anyOf: ["red"] }, groups: ["reviewers"] },
      ];
      const said = {
        ...link,
        groups: ["managers"],
        [ENTRA_GROUPS]: ["managers"],
        team: ["red"],
      };
      const { user, warnings, receipt } = provisioned({ rules, groups: [] }, said);
      expect(user).to.deep.include({ role: "editor", groups: ["reviewers"] });
      expect(warnings).to.deep.equal([{ code: "groups-left-out" }]);
      expect(receipt.rules?.map(({ number }) => number)).to.deep.equal([4]);
    });

    it(`still refuse, if they are there after all: ${marker}`, () => {
      const rules = [ofGroup("blocked", { refuse: true })];
      expect(decide({ rules }, { ...link, groups: ["blocked"] })).to.include({
        reason: "refused-by-rule",
      });
    });

    it(`are named where no rule matches: ${marker}`, () => {
      const decision = decide({ whenNoRuleMatches: "refuse" }, link);
      expect(decision).to.include({ reason: "no-rule-matched" });
      expect(decision)
        .to.have.property("detail")
        .that.matches(/too many/);
    });
  }

  it("raise no warning where all are there", () => {
    expect(provisioned({}, { [ENTRA_GROUPS]: ["x"] }).warnings).to.deep.equal([]);
  });
});

describe("the result of rules", () => {
  const managers = { groups: ["managers"] };

  function denied(
    provisioning: Partial<AutoProvisioning>,
    detail: RegExp,
    lookup: UserLookup = unknown(),
  ): void {
    const decision = decide(provisioning, managers, lookup);
    expect(decision).to.include({ kind: "deny", reason: "defaults-invalid" });
    expect(decision).to.have.property("detail").that.matches(detail);
  }

  it("has no privileged role that is not confirmed", () => {
    const rules = [ofGroup("managers", { role: ADMINISTRATOR.id })];
    denied({ rules }, /the role of rule 1, administrator is privileged/);
    expect(provisioned({ rules, privilegedRoleConfirmed: true }, managers).user).to.include({
      role: "administrator",
    });
  });

  it("has no role that is gone", () => {
    denied({ rules: [ofGroup("managers", { role: "gone" })] }, /role of rule 1, gone does not/);
  });

  it("has no more organizations than the role can access, from rules and defaults together", () => {
    const organizations = { kind: "selected", ids: ["east", "west", "center"] } as const;
    const lite = ofGroup("managers", { role: LITE.id, organizations });
    expect(provisioned({ rules: [lite] }, managers).user.organizations)
      .to.have.property("ids")
      .with.length(5);
    const one = { kind: "selected", ids: ["abroad"] } as const;
    denied({ rules: [lite, ofGroup("managers", { organizations: one })] }, /at most 5/);
    denied(
      { rules: [ofGroup("managers", { role: LITE.id, organizations: { kind: "all" } })] },
      /at most 5/,
    );
  });

  it("has an organization where the host demands one, whoever gives it", () => {
    const none = { kind: "selected", ids: [] } as const;
    const one = { kind: "selected", ids: ["east"] } as const;
    const rules = [ofGroup("managers", { organizations: one })];
    expect(provisioned({ rules, organizations: none }, managers).user).to.deep.include({
      organizations: one,
    });
    denied({ rules: [], organizations: none }, /no longer exist/);
  });

  it("leaves out what is gone, with a warning", () => {
    const rules = [
      ofGroup("managers", {
        groups: ["gone"],
        organizations: { kind: "selected", ids: ["nowhere"] },
      }),
    ];
    expect(provisioned({ rules }, managers).warnings).to.deep.equal([
      { code: "group-gone", id: "gone" },
      { code: "organization-gone", id: "nowhere" },
    ]);
  });

  it("takes a license or not by the role that the rule decides", () => {
    const full = unknown({ licenses: { used: 10, limit: 10 } });
    const lite = [ofGroup("managers", { role: LITE.id })];
    expect(provisioned({ rules: lite }, managers, full).receipt).to.include({
      seatsBefore: 10,
      seatsAfter: 10,
    });
    const editor = [ofGroup("managers", { role: EDITOR.id })];
    expect(decide({ role: LITE.id, rules: editor }, managers, full)).to.include({
      reason: "license-exhausted",
    });
  });

  it("falls back to the role without a license, within its limit of organizations", () => {
    const full = unknown({ licenses: { used: 10, limit: 10 } });
    const fallback = { whenLicensesRunOut: { kind: "lite", role: LITE.id } } as const;
    const manager = { ...EDITOR, id: "manager" };
    const catalog = catalogOf({ roles: new Map([LITE, EDITOR, manager].map((r) => [r.id, r])) });
    const rules = [ofGroup("managers", { role: manager.id })];
    const decision = provisioned({ rules, ...fallback }, managers, {
      ...full,
      catalog,
    } as UserLookup);
    expect(decision.user).to.include({ role: "lite" });
    expect(decision.warnings).to.deep.equal([
      { code: "license-fallback", role: "lite", instead: "manager" },
    ]);
    expect(decision.receipt.rules).to.have.length(1);
    denied(
      { rules: [ofGroup("managers", { organizations: { kind: "all" } })], ...fallback },
      /role lite/,
      full,
    );
  });
});
