import { expect } from "chai";
import { describe, it } from "mocha";
import type { EmailIdentity, ReceivedNames } from "../../src/domain/email-identity.ts";
import type { AutoProvisioning, VersionedSettings } from "../../src/domain/settings.ts";
import {
  admitIdentity,
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
  identityOf,
  known,
  LITE,
  savedSettings,
  unknown,
} from "./support/examples.ts";

const OFF: Partial<AutoProvisioning> = { enabled: false };
const ON: Partial<AutoProvisioning> = { enabled: true };

function decide(
  lookup: UserLookup,
  settings: VersionedSettings = savedSettings(),
  identity: EmailIdentity = identityOf("ada@corp.example"),
): SignInDecision {
  return decideSignIn({ identity, asserted: asserted(), settings, lookup });
}

function expectDenial(decision: SignInDecision, reason: string, detail?: RegExp): void {
  expect(decision).to.include({ kind: "deny", reason });
  if (detail !== undefined) expect(decision).to.have.property("detail").that.matches(detail);
}

describe("the decision table", () => {
  for (const [label, jit] of [
    ["JIT off", OFF],
    ["JIT on", ON],
  ] as const) {
    const settings = savedSettings(jit);

    it(`of a domain that is not allowed, ${label}: denied, regardless of the user`, () => {
      const outsider = identityOf("ada@elsewhere.example");
      const everybody = [
        known("active", "ada@elsewhere.example"),
        known("invited", "ada@elsewhere.example"),
        known("suspended", "ada@elsewhere.example"),
        known("deleted", "ada@elsewhere.example"),
        unknown(),
      ];
      for (const lookup of everybody) {
        expectDenial(decide(lookup, settings, outsider), "domain-not-allowed");
      }
    });

    it(`of a domain that is not allowed, ${label}: known before anything is looked up`, () => {
      expect(admitIdentity(identityOf("ada@elsewhere.example"), asserted(), settings)).to.include({
        kind: "deny",
        reason: "domain-not-allowed",
      });
    });

    it(`an active user, ${label}: signs in, nothing changed`, () => {
      expect(decide(known("active"), settings)).to.deep.equal({ kind: "sign-in", userId: "u1" });
    });

    it(`an invited user, ${label}: accepts the invitation, with its own role and grants`, () => {
      expect(decide(known("invited"), settings)).to.deep.equal({
        kind: "accept-invitation",
        userId: "u1",
      });
    });

    it(`suspended, ${label}: denied`, () => {
      expectDenial(decide(known("suspended"), settings), "user-suspended", /u1/);
    });

    it(`deleted, ${label}: denied`, () => {
      expectDenial(decide(known("deleted"), settings), "user-deleted", /u1/);
    });
  }

  it("unknown, JIT off: denied", () => {
    expectDenial(decide(unknown(), savedSettings(OFF)), "jit-disabled");
  });

  it("unknown, JIT on: provisioned with exactly the defaults", () => {
    expect(decide(unknown())).to.deep.equal({
      kind: "provision",
      user: {
        email: "ada@corp.example",
        role: "editor",
        groups: ["designers", "reviewers"],
        organizations: { kind: "selected", ids: ["north", "south"] },
      },
      receipt: { settingsVersion: 7, seatsBefore: 3, seatsAfter: 4 },
      warnings: [],
    });
  });
});

describe("an identity that is not looked up", () => {
  it("is anybody's while single sign-on is off", () => {
    const off = savedSettings({}, { enabled: false });
    expectDenial(decide(known("active"), off), "sso-disabled");
    expectDenial(decide(unknown(), off), "sso-disabled");
  });

  it("is one without an address", () => {
    const identity: EmailIdentity = { kind: "missing", looked: ["mail", "email"] };
    expectDenial(decide(unknown(), savedSettings(), identity), "email-missing", /mail, email/);
  });

  it("is denied with an invalid address", () => {
    const identity: EmailIdentity = { kind: "invalid", from: "mail", fault: "too-long" };
    expectDenial(decide(unknown(), savedSettings(), identity), "email-invalid", /mail.*too-long/);
  });

  it("is one with several addresses", () => {
    const identity: EmailIdentity = { kind: "ambiguous", from: ["NameID", "mail"] };
    expectDenial(decide(unknown(), savedSettings(), identity), "email-ambiguous", /NameID, mail/);
  });

  it("is of a sub-domain that is not listed itself", () => {
    const identity = identityOf("ada@eu.corp.example");
    expectDenial(decide(unknown(), savedSettings(), identity), "domain-not-allowed", /eu\.corp/);
  });

  it("allows every domain if none is listed", () => {
    const anyDomain = { ...CONNECTION, domains: [], acceptsOtherDomains: true };
    const decision = decideSignIn({
      identity: identityOf("ada@elsewhere.example"),
      settings: savedSettings({}, { connections: [anyDomain] }),
      asserted: asserted({}, anyDomain),
      lookup: unknown(),
    });
    expect(decision.kind).to.equal("provision");
  });
});

describe("an address that is missing", () => {
  const looked = ["mail", "email"];
  const persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
  const missing = (received: ReceivedNames): SignInDecision =>
    decide(unknown(), savedSettings(), { kind: "missing", looked, received });
  const expected = "an email address in mail, email";

  it("is said to be where it is: in the NameID", () => {
    const received: ReceivedNames = {
      nameIdFormat: persistent,
      attributes: { count: 0, first: [] },
      addressIn: { kind: "name-id" },
    };
    expect(missing(received)).to.deep.equal({
      kind: "deny",
      reason: "email-missing",
      detail: "no email address in mail, email; there is one in the NameID",
      cause: "in-name-id",
      comparison: { sent: `NameID in the format ${persistent}, no attributes`, expected },
    });
  });

  it("is said to be where it is: in another attribute", () => {
    const received: ReceivedNames = {
      attributes: { count: 3, first: ["uid", "contact"] },
      addressIn: { kind: "attribute", name: "contact" },
    };
    expect(missing(received)).to.deep.equal({
      kind: "deny",
      reason: "email-missing",
      detail: "no email address in mail, email; there is one in contact",
      cause: "in-attribute",
      comparison: { sent: "no NameID; attributes uid, contact and 1 more", expected },
    });
  });

  it("is said to be nowhere, in what was sent or because nothing was", () => {
    expect(missing({ attributes: { count: 2, first: ["uid", "sn"] } })).to.deep.equal({
      kind: "deny",
      reason: "email-missing",
      detail: "no email address in mail, email",
      cause: "not-sent",
      comparison: { sent: "no NameID; attributes uid, sn", expected },
    });
    expect(missing({ attributes: { count: 0, first: [] } })).to.deep.equal({
      kind: "deny",
      reason: "email-missing",
      detail: "no email address in mail, email",
      cause: "nothing-sent",
      comparison: { sent: "no NameID, no attributes", expected },
    });
  });

  it("has no cause where nothing is known of what was sent", () => {
    expect(decide(unknown(), savedSettings(), { kind: "missing", looked })).to.deep.equal({
      kind: "deny",
      reason: "email-missing",
      detail: "no email address in mail, email",
    });
  });
});

describe("domains", () => {
  it("of another connection are named with it", () => {
    const other = { ...CONNECTION, id: "other", domains: ["other.example"] };
    const decision = decideSignIn({
      identity: identityOf("ada@other.example"),
      settings: savedSettings({}, { connections: [CONNECTION, other] }),
      asserted: asserted(),
      lookup: known("active", "ada@other.example"),
    });
    expect(decision).to.deep.equal({
      kind: "deny",
      reason: "domain-of-other-connection",
      detail: "other.example belongs to the connection other, not to default",
    });
  });

  it("without a proof are refused, whoever is known there", () => {
    const facts = {
      identity: identityOf("ada@corp.example"),
      settings: savedSettings(),
      asserted: asserted(),
      lookup: known("active"),
    };
    expect(decideSignIn({ ...facts, verifiedDomains: new Set(["x.example"]) })).to.deep.equal({
      kind: "deny",
      reason: "domain-not-verified",
      detail: "nobody has proven that corp.example is this customer's",
    });
    expect(decideSignIn({ ...facts, verifiedDomains: new Set(["corp.example"]) }).kind).to.equal(
      "sign-in",
    );
  });
});

describe("a newcomer whose persistent NameID an earlier user has", () => {
  const former = { id: "u7", email: "ada@old.example" };
  const lookup = { ...unknown(), former };

  it("is created, with a warning and the earlier user in the receipt", () => {
    for (const settings of [savedSettings(), savedSettings({ whenAddressChanged: "create" })]) {
      const decision = decide(lookup, settings);
      expect(decision).to.have.nested.property("receipt.formerUser", "u7");
      expect(decision).to.have.deep.property("warnings", [{ code: "address-changed", former }]);
    }
    expect(decide(unknown())).to.not.have.nested.property("receipt.formerUser");
  });

  it("is denied where the settings say so, and names the user", () => {
    const refuse = savedSettings({ whenAddressChanged: "refuse" });
    expectDenial(
      decide(lookup, refuse),
      "address-changed",
      /^user u7 \(ada@old\.example\) has the same persistent NameID$/,
    );
    const unnamed = { ...unknown(), former: { id: "u7" } };
    expectDenial(decide(unnamed, refuse), "address-changed", /^user u7 has the same/);
    expect(decide(unknown(), refuse).kind).to.equal("provision");
    expect(decide(known("active"), refuse).kind).to.equal("sign-in");
  });

  it("is refused as everybody is while auto-provisioning is off", () => {
    const off = savedSettings({ enabled: false, whenAddressChanged: "refuse" });
    expectDenial(decide(lookup, off), "jit-disabled");
  });
});

describe("defaults that the host changed afterwards", () => {
  it("deny when the role is gone", () => {
    const catalog = catalogOf({ roles: new Map() });
    expectDenial(decide(unknown({ catalog })), "defaults-invalid", /editor does not exist/);
  });

  it("deny when there never was a role", () => {
    const { role: _, ...noRole } = savedSettings().settings.autoProvisioning;
    const settings = savedSettings({}, { autoProvisioning: noRole });
    expectDenial(decide(unknown(), settings), "defaults-invalid", /\(none\)/);
  });

  it("deny when the role became privileged without confirmation", () => {
    const roles = new Map([["editor", { ...EDITOR, privileged: true }]]);
    expectDenial(
      decide(unknown({ catalog: catalogOf({ roles }) })),
      "defaults-invalid",
      /privileged/,
    );
  });

  it("provision with a privileged role that was confirmed", () => {
    const settings = savedSettings({ role: ADMINISTRATOR.id, privilegedRoleConfirmed: true });
    expect(decide(unknown(), settings)).to.have.nested.property("user.role", "administrator");
  });

  it("leave out groups and organizations that are gone, with a warning for each", () => {
    const catalog = catalogOf({
      groups: new Set(["reviewers"]),
      organizations: new Set(["south"]),
    });
    const decision = decide(unknown({ catalog }));
    expect(decision).to.deep.include({
      warnings: [
        { code: "group-gone", id: "designers" },
        { code: "organization-gone", id: "north" },
      ],
    });
    expect(decision).to.deep.nested.include({
      "user.groups": ["reviewers"],
      "user.organizations": { kind: "selected", ids: ["south"] },
    });
  });

  it("deny when the host demands an organization and none is left", () => {
    const catalog = catalogOf({ organizations: new Set() });
    expectDenial(decide(unknown({ catalog })), "defaults-invalid", /organizations/);
  });

  it("provision without an organization when the host demands none", () => {
    const catalog = catalogOf({ organizations: new Set(), organizationRequired: false });
    expect(decide(unknown({ catalog })).kind).to.equal("provision");
  });

  it("deny when the role may now access fewer organizations", () => {
    const roles = new Map([["editor", { ...EDITOR, maxOrganizations: 1 }]]);
    expectDenial(decide(unknown({ catalog: catalogOf({ roles }) })), "defaults-invalid", /1 org/);
  });

  it("grant all organizations as a grant of its own kind", () => {
    const settings = savedSettings({ organizations: { kind: "all" } });
    expect(decide(unknown(), settings)).to.deep.nested.include({
      "user.organizations": { kind: "all" },
    });
  });

  it("never grant all organizations to a role with a bound", () => {
    const settings = savedSettings({ role: LITE.id, organizations: { kind: "all" } });
    expectDenial(decide(unknown(), settings), "defaults-invalid", /5 organizations/);
  });

  it("grant a group that is listed twice once", () => {
    const settings = savedSettings({ groups: ["reviewers", "designers", "reviewers"] });
    expect(decide(unknown(), settings)).to.deep.nested.include({
      "user.groups": ["reviewers", "designers"],
    });
  });
});

describe("a full license", () => {
  const full = { used: 10, limit: 10 };

  it("is not yet full with one seat left", () => {
    const decision = decide(unknown({ licenses: { ...full, used: 9 } }));
    expect(decision).to.deep.include({
      receipt: { settingsVersion: 7, seatsBefore: 9, seatsAfter: 10 },
      warnings: [],
    });
  });

  it("cannot be full without a limit and a count", () => {
    const { receipt } = { receipt: undefined, ...decide(unknown({ licenses: {} })) };
    expect(receipt).to.deep.equal({ settingsVersion: 7 });
  });

  it("denies by default", () => {
    expectDenial(decide(unknown({ licenses: full })), "license-exhausted", /10 of 10/);
  });

  it("lets existing users in", () => {
    expect(decide(known("active")).kind).to.equal("sign-in");
    expect(decide(known("invited")).kind).to.equal("accept-invitation");
  });

  it("does not concern users who take no license", () => {
    const settings = savedSettings({ role: LITE.id });
    expect(decide(unknown({ licenses: full }), settings)).to.deep.include({
      receipt: { settingsVersion: 7, seatsBefore: 10, seatsAfter: 10 },
      warnings: [],
    });
  });

  it("is exceeded with a warning under allow", () => {
    const settings = savedSettings({ whenLicensesRunOut: { kind: "allow" } });
    expect(decide(unknown({ licenses: full }), settings)).to.deep.include({
      receipt: { settingsVersion: 7, seatsBefore: 10, seatsAfter: 11 },
      warnings: [{ code: "license-overage", after: 11, limit: 10 }],
    });
  });

  it("gives the Lite role instead under lite", () => {
    const settings = savedSettings({ whenLicensesRunOut: { kind: "lite", role: LITE.id } });
    const decision = decide(unknown({ licenses: full }), settings);
    expect(decision).to.have.nested.property("user.role", "lite");
    expect(decision).to.deep.include({
      receipt: { settingsVersion: 7, seatsBefore: 10, seatsAfter: 10 },
      warnings: [{ code: "license-fallback", role: "lite", instead: "editor" }],
    });
  });

  it("denies under lite when the Lite role is gone, takes a license or may access less", () => {
    const lite = savedSettings({ whenLicensesRunOut: { kind: "lite", role: LITE.id } });
    const withLite = (changes: object): UserLookup =>
      unknown({
        licenses: full,
        catalog: catalogOf({
          roles: new Map([
            ["editor", EDITOR],
            ["lite", { ...LITE, ...changes }],
          ]),
        }),
      });
    const gone = unknown({
      licenses: full,
      catalog: catalogOf({ roles: new Map([["editor", EDITOR]]) }),
    });
    expectDenial(decide(gone, lite), "defaults-invalid", /lite does not exist/);
    expectDenial(decide(withLite({ licensed: true }), lite), "license-exhausted", /lite uses/);
    expectDenial(decide(withLite({ maxOrganizations: 1 }), lite), "defaults-invalid", /role lite/);
  });
});
