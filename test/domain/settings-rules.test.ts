import { expect } from "chai";
import { describe, it } from "mocha";
import {
  fromOneConnection,
  type OneConnectionSettings,
  pathInOneConnection,
} from "../../src/domain/one-connection.ts";
import {
  DEFAULT_SETTINGS,
  type ProvisioningRule,
  type Settings,
} from "../../src/domain/settings.ts";
import {
  type SettingsFacts,
  settingsFaults,
  settingsWarnings,
} from "../../src/domain/settings-rules.ts";
import {
  ADMINISTRATOR,
  CERTIFICATE,
  catalogOf,
  EDITOR,
  factsOf,
  IDP,
  LITE,
  ONE,
  PROVISIONING,
} from "./support/examples.ts";

function faultsOf(
  settings: OneConnectionSettings | Settings,
  facts: SettingsFacts = factsOf(),
): readonly string[] {
  const several = "connections" in settings;
  return settingsFaults(several ? settings : fromOneConnection(settings), facts).map(
    ({ path, code, message }) => {
      expect(message, code).to.match(/^[A-Z][^\n]+\.$/);
      return `${(several ? path : pathInOneConnection(path)).join(".")}: ${code}`;
    },
  );
}

function connected(changes: Partial<typeof IDP>): OneConnectionSettings {
  return { ...ONE, connection: { ...IDP, ...changes } };
}

function provisioning(changes: Partial<typeof PROVISIONING>): OneConnectionSettings {
  return { ...ONE, autoProvisioning: { ...PROVISIONING, ...changes } };
}

describe("settings that work", () => {
  it("have no fault", () => {
    expect(faultsOf(ONE)).to.deep.equal([]);
  });

  it("are the defaults", () => {
    expect(faultsOf(DEFAULT_SETTINGS, factsOf({ certificates: [] }))).to.deep.equal([]);
  });

  it("may have an address of http, with a query, of 2000 characters", () => {
    for (const ssoUrl of [
      "http://idp.example/sso",
      "https://idp.example:8443/sso?tenant=1&relay=2",
      "https://idp.example/".padEnd(2000, "x"),
    ]) {
      expect(faultsOf(connected({ ssoUrl }))).to.deep.equal([]);
    }
  });

  it("may have an issuer of 1024 characters, and ten certificates", () => {
    const certificates = Array<typeof CERTIFICATE>(10).fill(CERTIFICATE);
    const settings = connected({
      entityId: "x".repeat(1024),
      certificates: certificates.map((_, index) => `${index}`),
    });
    expect(faultsOf(settings, factsOf({ certificates: [certificates] }))).to.deep.equal([]);
  });

  it("warn about each weak algorithm that they allow", () => {
    const settings = connected({ weakAlgorithms: ["sha1", "triple-des"] });
    expect(settingsWarnings(fromOneConnection(settings), factsOf())).to.deep.equal(
      ["sha1", "triple-des"].map((algorithm, index) => ({
        path: ["connections", 0, "idp", "weakAlgorithms", index],
        code: "weak-algorithm",
        message: `${algorithm} is weak. Allow it only while the identity provider supports nothing stronger.`,
        text: "weak-algorithm",
        values: { algorithm },
      })),
    );
    expect(settingsWarnings(DEFAULT_SETTINGS, factsOf())).to.deep.equal([]);
  });

  it("warn about a certificate that issued another one", () => {
    const issuer = { ...CERTIFICATE, subject: "CN=issuer", issuer: "CN=issuer" };
    const certificates = [issuer, { ...CERTIFICATE, issuer: "CN=issuer" }];
    const settings = fromOneConnection(connected({ certificates: ["0", "1"] }));
    const facts = factsOf({ certificates: [certificates] });
    const [warning, ...more] = settingsWarnings(settings, facts);
    expect(warning).to.deep.include({
      path: ["connections", 0, "idp", "certificates", 0],
      code: "certificate-of-issuer",
    });
    expect(more).to.deep.equal([]);
  });

  it("may hold a draft: no role while auto-provisioning is off", () => {
    const { role: _, ...draft } = { ...PROVISIONING, enabled: false };
    expect(faultsOf({ ...ONE, autoProvisioning: draft })).to.deep.equal([]);
  });
});

describe("faults of the connection", () => {
  it("enabled without a connection", () => {
    const { connection: _, ...rest } = ONE;
    expect(faultsOf(rest)).to.deep.equal(["connection: required"]);
  });

  const badUrls = [
    "",
    "idp.example",
    "/sso",
    "ftp://idp.example/",
    "javascript:alert(1)",
    "https://user:secret@idp.example/",
    "https://idp.example/#x",
    " https://idp.example/",
    "https://idp.example/\r\nSet-Cookie:a=b",
    "https://idp.example/a b",
    `https://idp.example/${"x".repeat(2000)}`,
    "https://user@idp.example/",
    "https://:secret@idp.example/",
    "https://idp.example/#",
    "https://idp.example/?SAMLRequest=x",
    "https://idp.example/?SAMLResponse=x",
    "https://idp.example/?tenant=1&RelayState=x",
    "https://idp.example/?SigAlg=x",
    "https://idp.example/?Signature=x",
  ];
  for (const url of badUrls) {
    it(`the URL ${JSON.stringify(url.slice(0, 40))}`, () => {
      expect(faultsOf(connected({ ssoUrl: url, sloUrl: url }))).to.deep.equal([
        "connection.ssoUrl: url-invalid",
        "connection.sloUrl: url-invalid",
      ]);
    });
  }

  for (const entityId of ["", " https://idp.example", "https://idp.example ", "x".repeat(1025)]) {
    it(`the issuer ${JSON.stringify(entityId.slice(0, 30))}`, () => {
      expect(faultsOf(connected({ entityId }))).to.deep.equal([
        "connection.entityId: entity-id-invalid",
      ]);
    });
  }

  it("no certificate, or too many", () => {
    expect(faultsOf(connected({ certificates: [] }))).to.deep.equal([
      "connection.certificates: required",
    ]);
    expect(faultsOf(connected({ certificates: Array(11).fill("MIIB") }))).to.deep.equal([
      "connection.certificates: too-many",
    ]);
  });

  it("each certificate that cannot be used, at its own place", () => {
    const certificates = [
      CERTIFICATE,
      undefined,
      { ...CERTIFICATE, keyType: "other" } as const,
      { ...CERTIFICATE, keyBits: 1024 },
      { ...CERTIFICATE, keyType: "ec", curve: "P-256" } as const,
      { ...CERTIFICATE, keyExponent: 1 },
      { ...CERTIFICATE, keyType: "ec", curve: "secp256k1" } as const,
      CERTIFICATE,
    ];
    const pem = "-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----";
    const settings = connected({
      certificates: certificates.map((_, index) => (index === 7 ? pem + pem : `${index}`)),
    });
    expect(faultsOf(settings, factsOf({ certificates: [certificates] }))).to.deep.equal([
      "connection.certificates.1: certificate-invalid",
      "connection.certificates.2: key-unsupported",
      "connection.certificates.3: key-too-short",
      "connection.certificates.5: key-exponent-weak",
      "connection.certificates.6: curve-unsupported",
      "connection.certificates.7: several-certificates",
    ]);
  });

  it("signed requests without a key", () => {
    const settings = connected({ signRequests: true });
    expect(faultsOf(settings)).to.deep.equal([]);
    expect(faultsOf(settings, factsOf({ canSignRequests: false }))).to.deep.equal([
      "connection.signRequests: no-key",
    ]);
  });
});

describe("faults of the email identity", () => {
  it("an attribute without a name", () => {
    const email = { source: { kind: "attribute", name: " " }, allowedDomains: [] } as const;
    expect(faultsOf({ ...ONE, email })).to.deep.equal(["email.source.name: required"]);
  });

  it("an attribute's name with white space around it: no identity provider sends one", () => {
    const email = { source: { kind: "attribute", name: "mail " }, allowedDomains: [] } as const;
    expect(faultsOf({ ...ONE, email, profile: { lastName: "\tsn" } })).to.deep.equal([
      "email.source.name: attribute-name-invalid",
      "profile.lastName: attribute-name-invalid",
    ]);
  });

  it("an overlong name of an attribute, as for every other attribute", () => {
    const ofLength = (length: number) =>
      ({ source: { kind: "attribute", name: "x".repeat(length) }, allowedDomains: [] }) as const;
    expect(faultsOf({ ...ONE, email: ofLength(257) })).to.deep.equal([
      "email.source.name: too-long",
    ]);
    expect(faultsOf({ ...ONE, email: ofLength(256) })).to.deep.equal([]);
  });

  it("domains that are not in normal form, each at its own place", () => {
    const allowedDomains = ["corp.example", "Corp.example", "@corp.example", "*.corp.example"];
    const email = { source: { kind: "automatic" }, allowedDomains } as const;
    expect(faultsOf({ ...ONE, email })).to.deep.equal([
      "email.allowedDomains.1: domain-invalid",
      "email.allowedDomains.2: domain-invalid",
      "email.allowedDomains.3: domain-invalid",
    ]);
  });
});

describe("faults of the attributes with names", () => {
  it("an empty name and an overlong one, each at its own path", () => {
    const profile = { displayName: " ", firstName: "x".repeat(257), lastName: "x".repeat(256) };
    expect(faultsOf({ ...ONE, profile })).to.deep.equal([
      "profile.displayName: required",
      "profile.firstName: too-long",
    ]);
  });
});

describe("faults of auto-provisioning", () => {
  it("on without a role", () => {
    const { role: _, ...noRole } = PROVISIONING;
    expect(faultsOf({ ...ONE, autoProvisioning: noRole })).to.deep.equal([
      "autoProvisioning.role: required",
    ]);
  });

  it("a role that does not exist, also while it is off", () => {
    for (const enabled of [true, false]) {
      expect(faultsOf(provisioning({ enabled, role: "gone" }))).to.deep.equal([
        "autoProvisioning.role: unknown",
      ]);
    }
  });

  it("a privileged role without confirmation", () => {
    expect(faultsOf(provisioning({ role: "administrator" }))).to.deep.equal([
      "autoProvisioning.privilegedRoleConfirmed: confirmation-required",
    ]);
    expect(
      faultsOf(provisioning({ role: "administrator", privilegedRoleConfirmed: true })),
    ).to.deep.equal([]);
  });

  it("more organizations than the role may access", () => {
    const six = [...catalogOf().organizations];
    const tooMany = ["autoProvisioning.role: too-many-organizations"];
    const pick = (ids: readonly string[]): OneConnectionSettings =>
      provisioning({ role: LITE.id, organizations: { kind: "selected", ids } });
    expect(faultsOf(pick(six))).to.deep.equal(tooMany);
    expect(faultsOf(pick(six.slice(1)))).to.deep.equal([]);
    expect(faultsOf(provisioning({ role: LITE.id, organizations: { kind: "all" } }))).to.deep.equal(
      tooMany,
    );
  });

  it("groups and organizations that do not exist, each at its own place", () => {
    const settings = provisioning({
      groups: ["designers", "gone"],
      organizations: { kind: "selected", ids: ["nowhere", "north"] },
    });
    expect(faultsOf(settings)).to.deep.equal([
      "autoProvisioning.groups.1: unknown",
      "autoProvisioning.organizations.ids.0: unknown",
    ]);
  });

  it("no organization where the host demands one", () => {
    const none = provisioning({ organizations: { kind: "selected", ids: [] } });
    expect(faultsOf(none)).to.deep.equal(["autoProvisioning.organizations.ids: required"]);
    const optional = factsOf({ catalog: catalogOf({ organizationRequired: false }) });
    expect(faultsOf(none, optional)).to.deep.equal([]);
  });

  it("a Lite role that takes a license, does not exist or may access less", () => {
    const lite = (
      role: string,
      organizations = PROVISIONING.organizations,
    ): OneConnectionSettings =>
      provisioning({ organizations, whenLicensesRunOut: { kind: "lite", role } });
    const at = "autoProvisioning.whenLicensesRunOut.role";
    expect(faultsOf(lite(LITE.id))).to.deep.equal([]);
    expect(faultsOf(lite(EDITOR.id))).to.deep.equal([`${at}: role-takes-a-license`]);
    expect(faultsOf(lite("gone"))).to.deep.equal([`${at}: unknown`]);
    expect(faultsOf(lite(LITE.id, { kind: "all" }))).to.deep.equal([
      `${at}: too-many-organizations`,
    ]);
  });
});

describe("rules for new users that do not work", () => {
  const AT = "autoProvisioning.rules";
  const ruled = (...rules: readonly ProvisioningRule[]): OneConnectionSettings =>
    provisioning({ rules });
  const when = { attribute: "groups", anyOf: ["managers"] };
  const texts = (count: number, prefix = "v") =>
    Array.from({ length: count }, (_, index) => `${prefix}${index}`);

  it("are found at their own paths", () => {
    const settings = ruled(
      { when, role: "editor", groups: ["reviewers"], organizations: { kind: "all" } },
      { when: { attribute: " groups", anyOf: ["a", "", " b", "c ", "a"] } },
      { when: { attribute: "", anyOf: [] }, role: "gone", groups: ["designers", "gone"] },
      {
        when: { emailDomain: ["corp.example", "Corp.example", "x y", "corp.example"] },
        organizations: { kind: "selected", ids: ["north", "nowhere"] },
      },
      { when: { connection: ["default", "other"] }, refuse: true },
      { when: { connection: [] } },
      { when: { emailDomain: [] } },
    );
    expect(faultsOf(settings)).to.deep.equal([
      `${AT}.1.when.attribute: attribute-name-invalid`,
      `${AT}.1.when.anyOf.1: required`,
      `${AT}.1.when.anyOf.2: value-invalid`,
      `${AT}.1.when.anyOf.3: value-invalid`,
      `${AT}.1.when.anyOf.4: duplicate`,
      `${AT}.2.when.attribute: required`,
      `${AT}.2.when.anyOf: required`,
      `${AT}.2.role: unknown`,
      `${AT}.2.groups.1: unknown`,
      `${AT}.3.when.emailDomain.1: domain-invalid`,
      `${AT}.3.when.emailDomain.2: domain-invalid`,
      `${AT}.3.when.emailDomain.3: duplicate`,
      `${AT}.3.organizations.ids.1: unknown`,
      `${AT}.4.when.connection.1: unknown`,
      `${AT}.5.when.connection: required`,
      `${AT}.6.when.emailDomain: required`,
    ]);
  });

  it("include values of more than 1,024 characters", () => {
    const settings = ruled({
      when: { attribute: "x", anyOf: ["v".repeat(1024), "w".repeat(1025)] },
    });
    expect(faultsOf(settings)).to.deep.equal([`${AT}.0.when.anyOf.1: too-long`]);
  });

  it("include a rule that is there twice, at its second place", () => {
    expect(faultsOf(ruled({ when }, { when, groups: ["reviewers"] }, { when }))).to.deep.equal([
      `${AT}.2: duplicate`,
    ]);
  });

  it("include a refusal that gives something", () => {
    for (const gives of [
      { role: "editor" },
      { groups: [] },
      { organizations: { kind: "selected", ids: [] } },
    ] as const) {
      expect(faultsOf(ruled({ when, refuse: true, ...gives }))).to.deep.equal([
        `${AT}.0.refuse: refuse-alone`,
      ]);
    }
    expect(faultsOf(ruled({ when, refuse: true }))).to.deep.equal([]);
  });

  it("include more than can be compared or given, which is counted before anything else", () => {
    const one = (values: readonly string[]): ProvisioningRule => ({
      when: { attribute: "x", anyOf: values },
    });
    const many = (count: number) => texts(count).map((value) => one([value]));
    expect(faultsOf(ruled(...many(100)))).to.deep.equal([]);
    expect(faultsOf(ruled(...many(101)))).to.deep.equal([`${AT}: too-many`]);
    expect(faultsOf(ruled(one(texts(600)), one(texts(400))))).to.deep.equal([]);
    for (const last of [
      { when: { emailDomain: texts(401) } },
      { when: { connection: texts(401) } },
      one(texts(401)),
    ]) {
      expect(faultsOf(ruled(one(texts(600)), last))).to.deep.equal([`${AT}: too-many`]);
    }
    const groups = texts(10_000);
    const catalog = catalogOf({ groups: new Set([...groups, ...PROVISIONING.groups]) });
    const rule = { when, groups };
    expect(faultsOf(ruled(rule), factsOf({ catalog }))).to.deep.equal([]);
    const more = ruled(rule, { ...one(["z"]), groups: ["designers"] });
    expect(faultsOf(more, factsOf({ catalog }))).to.deep.equal([`${AT}: too-many`]);
  });

  it("include more than 100,000 organizations in all rules together", () => {
    const ids = texts(100_000, "o");
    const organizations = { kind: "selected", ids } as const;
    const known = catalogOf();
    const all = factsOf({
      catalog: catalogOf({ organizations: new Set([...known.organizations, ...ids]) }),
    });
    expect(faultsOf(ruled({ when, organizations }), all)).to.deep.equal([]);
    const north = { kind: "selected", ids: ["north"] } as const;
    const more = ruled(
      { when, organizations },
      { when: { connection: ["default"] }, organizations: north },
    );
    expect(faultsOf(more, all)).to.deep.equal([`${AT}: too-many`]);
  });

  it("include a privileged role without confirmation, together with the others", () => {
    const rules = [{ when, role: ADMINISTRATOR.id }];
    const path = "autoProvisioning.privilegedRoleConfirmed: confirmation-required";
    expect(faultsOf(provisioning({ rules }))).to.deep.equal([path]);
    expect(faultsOf(provisioning({ rules, privilegedRoleConfirmed: true }))).to.deep.equal([]);
    const owner = { ...ADMINISTRATOR, id: "owner", name: "Owner" };
    const catalog = catalogOf({
      roles: new Map([EDITOR, ADMINISTRATOR, owner].map((role) => [role.id, role])),
    });
    const messages = (changes: Partial<typeof PROVISIONING>) =>
      settingsFaults(fromOneConnection(provisioning(changes)), factsOf({ catalog })).map(
        ({ message }) => message,
      );
    expect(messages({ rules })).to.deep.equal([
      "Confirm that new users get the privileged role Administrator.",
    ]);
    expect(messages({ rules, role: owner.id })).to.deep.equal([
      "Confirm that new users get the privileged roles Owner, Administrator.",
    ]);
  });

  it("include more organizations than the role can access, with the defaults", () => {
    const four = { kind: "selected", ids: ["east", "west", "center", "abroad"] } as const;
    const three = { kind: "selected", ids: ["east", "west", "center"] } as const;
    expect(faultsOf(ruled({ when, role: LITE.id, organizations: three }))).to.deep.equal([]);
    expect(faultsOf(ruled({ when, role: LITE.id, organizations: four }))).to.deep.equal([
      `${AT}.0.role: too-many-organizations`,
    ]);
    expect(faultsOf(ruled({ when, organizations: four }))).to.deep.equal([]);
    const lite = provisioning({ role: LITE.id, rules: [{ when, organizations: four }] });
    expect(faultsOf(lite)).to.deep.equal([`${AT}.0.organizations: too-many-organizations`]);
    const all = { kind: "all" } as const;
    const everything = provisioning({ organizations: all, rules: [{ when, role: LITE.id }] });
    expect(faultsOf(everything)).to.deep.equal([`${AT}.0.role: too-many-organizations`]);
  });

  it("include more organizations than the role without a license can access", () => {
    const whenLicensesRunOut = { kind: "lite", role: LITE.id } as const;
    const four = { kind: "selected", ids: ["east", "west", "center", "abroad"] } as const;
    const given = (rule: ProvisioningRule) => provisioning({ whenLicensesRunOut, rules: [rule] });
    expect(faultsOf(given({ when, organizations: four }))).to.deep.equal([
      `${AT}.0.organizations: too-many-organizations`,
    ]);
    expect(faultsOf(given({ when, role: "editor" }))).to.deep.equal([]);
    const unlimited = { when, role: "editor", organizations: { kind: "all" } } as const;
    expect(faultsOf(given(unlimited))).to.deep.equal([
      `${AT}.0.organizations: too-many-organizations`,
    ]);
    const defaults = { organizations: { kind: "all" }, rules: [{ when, role: "editor" }] } as const;
    expect(faultsOf(provisioning({ whenLicensesRunOut, ...defaults }))).to.deep.equal([
      "autoProvisioning.whenLicensesRunOut.role: too-many-organizations",
    ]);
  });

  it("warn where nobody could be created", () => {
    const warnings = (changes: Partial<typeof PROVISIONING>, facts = factsOf()) =>
      settingsWarnings(fromOneConnection(provisioning(changes)), facts).map(
        ({ path, code }) => `${path.join(".")}: ${code}`,
      );
    const refuse = { whenNoRuleMatches: "refuse" } as const;
    expect(warnings(refuse)).to.deep.equal(["autoProvisioning.whenNoRuleMatches: no-rules"]);
    expect(warnings({ ...refuse, enabled: false })).to.deep.equal([]);
    expect(warnings({ ...refuse, rules: [{ when }] })).to.deep.equal([]);
    expect(warnings({})).to.deep.equal([]);
    const { connection: _, ...unconnected } = provisioning(refuse);
    expect(
      settingsWarnings(fromOneConnection(unconnected), factsOf()).map(({ code }) => code),
    ).to.deep.equal(["no-rules"]);
  });
});

describe("several faults", () => {
  it("are reported all together", () => {
    const settings: OneConnectionSettings = {
      ...connected({ entityId: "", ssoUrl: "x", certificates: [] }),
      email: { source: { kind: "attribute", name: "" }, allowedDomains: ["x y"] },
      autoProvisioning: { ...PROVISIONING, role: "gone", groups: ["gone"] },
    };
    expect(faultsOf(settings)).to.deep.equal([
      "connection.entityId: entity-id-invalid",
      "connection.ssoUrl: url-invalid",
      "connection.certificates: required",
      "email.source.name: required",
      "email.allowedDomains.0: domain-invalid",
      "autoProvisioning.role: unknown",
      "autoProvisioning.groups.0: unknown",
    ]);
  });
});
