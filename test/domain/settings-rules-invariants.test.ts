import { expect } from "chai";
import fc from "fast-check";
import { describe, it } from "mocha";
import {
  fromOneConnection,
  type OneConnectionSettings,
  pathInOneConnection,
} from "../../src/domain/one-connection.ts";
import { matchingRules } from "../../src/domain/provisioning-rules.ts";
import { settingsFaults, settingsWarnings } from "../../src/domain/settings-rules.ts";
import { decideSignIn, type SignInFacts } from "../../src/domain/sign-in-decision.ts";
import { autoProvisioning, catalog, type FirstSignIn, firstSignIn } from "./support/arbitraries.ts";
import {
  asserted,
  CERTIFICATE,
  DAY_MS,
  factsOf,
  IDP,
  identityOf,
  NOW,
  ONE,
  SETTINGS,
  savedSettings,
} from "./support/examples.ts";

/** Ways to break the example settings that do not touch one another, with the path of the fault. */
const BREAKAGES: readonly (readonly [
  path: string,
  change: (settings: OneConnectionSettings) => OneConnectionSettings,
])[] = [
  [
    "connection.entityId",
    (s) => ({ ...s, connection: { ...(s.connection ?? IDP), entityId: "" } }),
  ],
  ["connection.ssoUrl", (s) => ({ ...s, connection: { ...(s.connection ?? IDP), ssoUrl: "x" } })],
  ["connection.sloUrl", (s) => ({ ...s, connection: { ...(s.connection ?? IDP), sloUrl: "x" } })],
  [
    "connection.certificates",
    (s) => ({ ...s, connection: { ...(s.connection ?? IDP), certificates: [] } }),
  ],
  [
    "email.source.name",
    (s) => ({ ...s, email: { ...s.email, source: { kind: "attribute", name: "" } } }),
  ],
  [
    "email.allowedDomains.1",
    (s) => ({ ...s, email: { ...s.email, allowedDomains: ["a.example", "B"] } }),
  ],
  [
    "autoProvisioning.role",
    (s) => ({ ...s, autoProvisioning: { ...s.autoProvisioning, role: "gone" } }),
  ],
  [
    "autoProvisioning.groups.0",
    (s) => ({ ...s, autoProvisioning: { ...s.autoProvisioning, groups: ["gone"] } }),
  ],
  [
    "autoProvisioning.organizations.ids.1",
    (s) => ({
      ...s,
      autoProvisioning: {
        ...s.autoProvisioning,
        organizations: { kind: "selected", ids: ["north", "gone"] },
      },
    }),
  ],
  [
    "autoProvisioning.whenLicensesRunOut.role",
    (s) => ({
      ...s,
      autoProvisioning: {
        ...s.autoProvisioning,
        whenLicensesRunOut: { kind: "lite", role: "editor" },
      },
    }),
  ],
];

/** Most random rules have a fault: only those without stay. */
function withoutFaultyRules(facts: FirstSignIn): FirstSignIn {
  const { settings } = facts.settings;
  const { autoProvisioning } = settings;
  const faults = settingsFaults(settings, factsOf({ catalog: facts.lookup.catalog }));
  const faulty = new Set(
    faults.flatMap(({ path: [, member, index] }) => (member === "rules" ? [index] : [])),
  );
  const rules = autoProvisioning.rules.filter((_, index) => !faulty.has(index));
  return {
    ...facts,
    settings: {
      ...facts.settings,
      settings: { ...settings, autoProvisioning: { ...autoProvisioning, rules } },
    },
  };
}

function matched({ identity, asserted: facts, settings }: SignInFacts) {
  return identity.kind === "email"
    ? matchingRules(settings.settings.autoProvisioning.rules, identity.address, facts)
    : [];
}

describe("settings faults", () => {
  it("are all reported, each at its own path and nowhere else", () => {
    fc.assert(
      fc.property(fc.subarray([...BREAKAGES]), (broken) => {
        const settings = broken.reduce((whole, [, change]) => change(whole), ONE);
        const paths = settingsFaults(fromOneConnection(settings), factsOf()).map(({ path }) =>
          pathInOneConnection(path).join("."),
        );
        expect(paths).to.have.members(broken.map(([path]) => path));
      }),
    );
  });

  it("each say what to do in a sentence", () => {
    fc.assert(
      fc.property(autoProvisioning, catalog, (defaults, facts) => {
        const settings = { ...SETTINGS, autoProvisioning: defaults };
        for (const fault of settingsFaults(settings, factsOf({ catalog: facts }))) {
          expect(fault.message).to.match(/^[A-Z].*\.$/s);
          expect(fault.code).to.match(/^[a-z-]+$/);
        }
      }),
    );
  });
});

describe("settings without a fault", () => {
  it("never refuse a first sign-in for its defaults while the catalog stays as it was", () => {
    fc.assert(
      fc.property(firstSignIn.map(withoutFaultyRules), (facts) => {
        const { settings } = facts.settings;
        fc.pre(settingsFaults(settings, factsOf({ catalog: facts.lookup.catalog })).length === 0);
        const decision = decideSignIn(facts);
        if (decision.kind === "deny") {
          const defaults = settings.autoProvisioning;
          if (decision.reason === "refused-by-rule" || decision.reason === "no-rule-matched")
            return;
          if (decision.reason === "defaults-invalid") {
            // What several rules give together is only known now.
            expect(decision.detail).to.match(/can access at most/);
            expect(matched(facts)).to.have.length.above(1);
            return;
          }
          expect(decision.reason).to.equal("license-exhausted");
          expect(defaults.whenLicensesRunOut.kind).to.equal("deny");
          return;
        }
        expect(decision.kind).to.equal("provision");
        if (decision.kind !== "provision") return;
        const codes = decision.warnings.map(({ code }) => code);
        expect(codes).not.to.include.oneOf(["group-gone", "organization-gone"]);
      }),
      { numRuns: 500, maxSkipsPerRun: 1000 },
    );
  });

  it("are found for the very example that the decision table uses", () => {
    const decision = decideSignIn({
      identity: identityOf("ada@corp.example"),
      asserted: asserted(),
      settings: { ...savedSettings(), settings: SETTINGS },
      lookup: {
        kind: "unknown",
        catalog: factsOf().catalog,
        licenses: { used: 0 },
      },
    });
    expect(settingsFaults(SETTINGS, factsOf())).to.deep.equal([]);
    expect(decision.kind).to.equal("provision");
  });
});

describe("settings warnings", () => {
  it("tell of certificates that expire within 30 days, or have", () => {
    const connection = { ...IDP, certificates: ["a", "b", "c", "d"] };
    const certificates = [31 * DAY_MS, 29 * DAY_MS, -1, undefined].map((left) =>
      left === undefined ? undefined : { ...CERTIFICATE, notAfter: NOW + left },
    );
    const warnings = settingsWarnings(
      fromOneConnection({ ...ONE, connection }),
      factsOf({ certificates: [certificates] }),
    );
    expect(
      warnings.map(({ path, code }) => `${pathInOneConnection(path).join(".")}: ${code}`),
    ).to.deep.equal([
      "connection.certificates.1: certificate-expiring",
      "connection.certificates.2: certificate-expired",
    ]);
    expect(warnings[1]?.message).to.include("2030-01-14T23:59:59.999Z");
  });

  it("name each weak algorithm", () => {
    const connection = { ...IDP, weakAlgorithms: ["sha1", "triple-des"] as const };
    expect(
      settingsWarnings(fromOneConnection({ ...ONE, connection }), factsOf()).map(
        ({ message }) => message,
      ),
    )
      .to.match(/sha1/)
      .and.to.match(/triple-des/);
  });

  it("are none without a connection", () => {
    const { connection: _, ...rest } = ONE;
    expect(settingsWarnings(fromOneConnection(rest), factsOf())).to.deep.equal([]);
  });
});
