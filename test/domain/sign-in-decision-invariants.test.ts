import { expect } from "chai";
import fc from "fast-check";
import { describe, it } from "mocha";
import { exceedsOrganizationsOf } from "../../src/domain/access.ts";
import { domainOf } from "../../src/domain/email-address.ts";
import type { ProvisioningRule } from "../../src/domain/settings.ts";
import {
  decideSignIn,
  type Provision,
  type SignInFacts,
} from "../../src/domain/sign-in-decision.ts";
import { DENIAL_SENTENCE } from "../../src/domain/texts/user-explanations.ts";
import {
  asserted,
  type FirstSignIn,
  firstSignIn,
  identity,
  knownPerson,
  saidThrough,
  signInFacts,
  versionedSettings,
} from "./support/arbitraries.ts";

const RUNS = { numRuns: 2000 };
const EFFECTS = ["user", "receipt", "warnings", "userId"];

function provisionOf(facts: SignInFacts): Provision {
  const decision = decideSignIn(facts);
  fc.pre(decision.kind === "provision");
  return decision;
}

describe("a decision", () => {
  it("is made for all facts, with a reason of the closed set when it is a denial", () => {
    fc.assert(
      fc.property(signInFacts, (facts) => {
        const decision = decideSignIn(facts);
        expect(decision.kind).to.be.oneOf(["sign-in", "accept-invitation", "provision", "deny"]);
        if (decision.kind === "deny") expect(DENIAL_SENTENCE).to.have.property(decision.reason);
      }),
      RUNS,
    );
  });

  it("is the same for the same facts, and leaves them as they were", () => {
    fc.assert(
      fc.property(signInFacts, (facts) => {
        const before = structuredClone(facts);
        expect(decideSignIn(facts)).to.deep.equal(decideSignIn(structuredClone(facts)));
        expect(facts).to.deep.equal(before);
      }),
      RUNS,
    );
  });

  it("that denies has no effects", () => {
    fc.assert(
      fc.property(signInFacts, (facts) => {
        const decision = decideSignIn(facts);
        fc.pre(decision.kind === "deny");
        expect(decision).not.to.have.any.keys(...EFFECTS);
        expect(decision.detail).not.to.equal("");
      }),
      RUNS,
    );
  });

  it("admits no one while single sign-on is off, and no one without one address of an allowed domain", () => {
    fc.assert(
      fc.property(signInFacts, (facts) => {
        fc.pre(decideSignIn(facts).kind !== "deny");
        const { domains } = facts.asserted.connection;
        const { enabled } = facts.settings.settings;
        expect(enabled).to.equal(true);
        expect(facts.identity.kind).to.equal("email");
        if (facts.identity.kind === "email" && domains.length > 0) {
          expect(domains).to.include(domainOf(facts.identity.address));
        }
      }),
      RUNS,
    );
  });
});

describe("an existing user", () => {
  it("is never changed: at most signed in, or their own invitation accepted", () => {
    fc.assert(
      fc.property(
        identity,
        asserted,
        versionedSettings,
        knownPerson,
        (who, said, settings, lookup) => {
          const decision = decideSignIn({
            identity: who,
            asserted: saidThrough(settings, said),
            settings,
            lookup,
          });
          expect(decision).not.to.have.any.keys("user", "receipt", "warnings");
          if (decision.kind === "deny" || lookup.kind !== "known") return;
          expect(decision).to.deep.equal({
            kind: lookup.user.state === "active" ? "sign-in" : "accept-invitation",
            userId: lookup.user.id,
          });
        },
      ),
      RUNS,
    );
  });

  it("gets in or not whatever the defaults and rules for new users are, and the attributes say", () => {
    fc.assert(
      fc.property(
        identity,
        fc.tuple(asserted, asserted),
        versionedSettings,
        versionedSettings,
        knownPerson,
        (who, [said, other], settings, others, lookup) => {
          const changed = {
            ...settings,
            settings: {
              ...settings.settings,
              autoProvisioning: others.settings.autoProvisioning,
            },
          };
          expect(
            decideSignIn({
              identity: who,
              asserted: saidThrough(settings, other),
              settings: changed,
              lookup,
            }),
          ).to.deep.equal(
            decideSignIn({
              identity: who,
              asserted: saidThrough(settings, said),
              settings,
              lookup,
            }),
          );
        },
      ),
      RUNS,
    );
  });

  it("who is suspended or deleted never gets in", () => {
    fc.assert(
      fc.property(signInFacts, (facts) => {
        fc.pre(facts.lookup.kind === "known");
        fc.pre(facts.lookup.user.state === "suspended" || facts.lookup.user.state === "deleted");
        expect(decideSignIn(facts).kind).to.equal("deny");
      }),
      RUNS,
    );
  });
});

/** What the rules give by their description: a second, naive reading of them. */
function expected(facts: FirstSignIn): {
  readonly roles: readonly (string | undefined)[];
  readonly groups: readonly string[];
  readonly organizations: readonly string[] | "all";
  readonly matching: readonly ProvisioningRule[];
} {
  const { autoProvisioning: defaults } = facts.settings.settings;
  const { attributes, connection } = facts.asserted;
  const overage = attributes.some(({ name }) => name.endsWith("/groups.link"));
  const matching = defaults.rules.filter(({ when, refuse }) => {
    if ("connection" in when) return when.connection.includes(connection.id);
    if ("emailDomain" in when) {
      const { identity: who } = facts;
      return (
        who.kind === "email" && when.emailDomain.some((one) => who.address.endsWith(`@${one}`))
      );
    }
    if (overage && refuse !== true && /(^|\/)groups$/.test(when.attribute)) return false;
    return attributes.some(
      ({ name, values }) =>
        name === when.attribute && values.some((value) => when.anyOf.includes(value)),
    );
  });
  const access = [defaults, ...matching].flatMap(({ organizations }) => organizations ?? []);
  return {
    roles: [...matching.map(({ role }) => role), defaults.role].filter(Boolean),
    groups: [...defaults.groups, ...matching.flatMap(({ groups = [] }) => groups)],
    organizations: access.some(({ kind }) => kind === "all")
      ? "all"
      : access.flatMap((one) => (one.kind === "selected" ? one.ids : [])),
    matching,
  };
}

describe("rules for new users", () => {
  it("refuse by any rule that says so, and where none matches if the settings say so", () => {
    fc.assert(
      fc.property(firstSignIn, (facts) => {
        const { matching } = expected(facts);
        const { rules, whenNoRuleMatches } = facts.settings.settings.autoProvisioning;
        const decision = decideSignIn(facts);
        const refusing = matching.find(({ refuse }) => refuse === true);
        if (refusing !== undefined) {
          expect(decision).to.include({ kind: "deny", reason: "refused-by-rule" });
          const number = rules.indexOf(refusing) + 1;
          expect(decision).to.have.nested.property("rule.number", number);
        } else if (matching.length === 0 && whenNoRuleMatches === "refuse") {
          expect(decision).to.include({ kind: "deny", reason: "no-rule-matched" });
        } else {
          expect(decision).not.to.have.any.keys("rule");
          expect(decision).not.to.have.property("reason", "refused-by-rule");
          expect(decision).not.to.have.property("reason", "no-rule-matched");
        }
      }),
      RUNS,
    );
  });

  it("are kept with what they gave and what they found, which the assertion says", () => {
    fc.assert(
      fc.property(firstSignIn, (facts) => {
        const { receipt, warnings } = provisionOf(facts);
        const { matching } = expected(facts);
        const { rules } = facts.settings.settings.autoProvisioning;
        const { attributes, connection } = facts.asserted;
        const kept = receipt.rules ?? [];
        expect("rules" in receipt).to.equal(matching.length > 0);
        expect(kept.map(({ number }) => rules[number - 1])).to.deep.equal(matching);
        for (const { number, matched, ...gave } of kept) {
          const { when, ...gives } = rules[number - 1] ?? {};
          expect(gave).to.deep.equal(gives);
          if ("connection" in matched) expect(matched.connection).to.equal(connection.id);
          if ("emailDomain" in matched) {
            expect(facts.identity).to.have.property("address").that.contains(matched.emailDomain);
          }
          if ("attribute" in matched) {
            expect(when).to.have.property("anyOf").that.includes(matched.value);
            expect(attributes.filter(({ name }) => name === matched.attribute)).to.satisfy(
              (found: typeof attributes) =>
                found.some(({ values }) => values.includes(matched.value)),
            );
          }
        }
        const overage = attributes.some(({ name }) => name.endsWith("/groups.link"));
        expect(warnings.some(({ code }) => code === "groups-left-out")).to.equal(overage);
      }),
      RUNS,
    );
  });

  it("change nothing while there are none, whatever the attributes say", () => {
    fc.assert(
      fc.property(firstSignIn, asserted, (facts, other) => {
        const { settings } = facts.settings;
        const { autoProvisioning: defaults } = settings;
        const without = {
          ...facts,
          settings: {
            ...facts.settings,
            settings: {
              ...settings,
              autoProvisioning: {
                ...defaults,
                rules: [],
                whenNoRuleMatches: "defaults" as const,
              },
            },
          },
        };
        const one = decideSignIn(without);
        const two = decideSignIn({ ...without, asserted: other });
        const bare = (decision: typeof one) =>
          decision.kind === "provision"
            ? {
                ...decision,
                warnings: decision.warnings.filter(({ code }) => code !== "groups-left-out"),
              }
            : decision;
        expect(bare(one)).to.deep.equal(bare(two));
      }),
    );
  });
});

describe("a provisioned user", () => {
  it("has the address that was asserted, and nothing that the settings or the catalog lack", () => {
    fc.assert(
      fc.property(firstSignIn, (facts) => {
        const { user } = provisionOf(facts);
        const { groups, organizations } = expected(facts);
        const { catalog } = facts.lookup;
        expect(facts.settings.settings.autoProvisioning.enabled).to.equal(true);
        expect(facts.identity).to.have.property("address", user.email);
        for (const group of user.groups) {
          expect(groups).to.include(group);
          expect(catalog.groups.has(group)).to.equal(true);
        }
        expect(user.organizations.kind).to.equal(organizations === "all" ? "all" : "selected");
        if (user.organizations.kind === "all" || organizations === "all") return;
        for (const organization of user.organizations.ids) {
          expect(organizations).to.include(organization);
          expect(catalog.organizations.has(organization)).to.equal(true);
        }
        if (catalog.organizationRequired) expect(user.organizations.ids).not.to.have.length(0);
      }),
      RUNS,
    );
  });

  it("has a role that exists, is the one chosen, and is privileged only after confirmation", () => {
    fc.assert(
      fc.property(firstSignIn, (facts) => {
        const { user, warnings } = provisionOf(facts);
        const { autoProvisioning: defaults } = facts.settings.settings;
        const role = facts.lookup.catalog.roles.get(user.role);
        if (role === undefined) return expect.fail(`there is no role ${user.role}`);
        if (role.privileged) expect(defaults.privilegedRoleConfirmed).to.equal(true);
        expect(exceedsOrganizationsOf(role, user.organizations)).to.equal(false);
        const fellBack = warnings.some(({ code }) => code === "license-fallback");
        const { whenLicensesRunOut: policy } = defaults;
        expect(user.role).to.equal(
          fellBack && policy.kind === "lite" ? policy.role : expected(facts).roles[0],
        );
      }),
      RUNS,
    );
  });

  it("has a grant, or a warning, for everything that the settings name", () => {
    fc.assert(
      fc.property(firstSignIn, (facts) => {
        const { user, warnings } = provisionOf(facts);
        const { groups, organizations } = expected(facts);
        const gone = (code: string): readonly unknown[] =>
          warnings.flatMap((warning) =>
            warning.code === code && "id" in warning ? [warning.id] : [],
          );
        expect([...user.groups, ...gone("group-gone")]).to.have.members([...new Set(groups)]);
        if (organizations === "all" || user.organizations.kind === "all") return;
        expect([...user.organizations.ids, ...gone("organization-gone")]).to.have.members([
          ...new Set(organizations),
        ]);
      }),
      RUNS,
    );
  });
});

describe("license usage", () => {
  it("never goes over the limit but under allow, and then it is reported", () => {
    fc.assert(
      fc.property(firstSignIn, (facts) => {
        const { receipt, warnings } = provisionOf(facts);
        const { limit = Number.POSITIVE_INFINITY } = facts.lookup.licenses;
        const { seatsBefore: before = 0, seatsAfter: after = 0 } = receipt;
        const { whenLicensesRunOut } = facts.settings.settings.autoProvisioning;
        if (after === before || after <= limit) return;
        expect(whenLicensesRunOut.kind).to.equal("allow");
        expect(warnings).to.deep.include({
          code: "license-overage",
          after,
          limit,
        });
      }),
      RUNS,
    );
  });

  it("goes up by one for a licensed role, by none for a Lite one", () => {
    fc.assert(
      fc.property(firstSignIn, (facts) => {
        const { user, receipt } = provisionOf(facts);
        const { catalog, licenses } = facts.lookup;
        const { rules: _, ...seats } = receipt;
        const seat = catalog.roles.get(user.role)?.licensed === true ? 1 : 0;
        expect(seats).to.deep.equal({
          settingsVersion: facts.settings.version,
          ...(licenses.used === undefined
            ? {}
            : { seatsBefore: licenses.used, seatsAfter: licenses.used + seat }),
        });
      }),
      RUNS,
    );
  });

  it("of a crowd that comes in one after the other ends at the limit under deny", () => {
    fc.assert(
      fc.property(fc.nat({ max: 10 }), fc.nat({ max: 30 }), firstSignIn, (limit, crowd, facts) => {
        const { settings } = facts.settings;
        const deny = {
          ...settings,
          autoProvisioning: {
            ...settings.autoProvisioning,
            whenLicensesRunOut: { kind: "deny" as const },
          },
        };
        let used = 0;
        for (let newcomer = 0; newcomer < crowd; newcomer++) {
          const decision = decideSignIn({
            ...facts,
            settings: { ...facts.settings, settings: deny },
            lookup: { ...facts.lookup, licenses: { used, limit } },
          });
          if (decision.kind === "provision") used = decision.receipt.seatsAfter ?? Number.NaN;
        }
        expect(used).to.be.at.most(limit);
      }),
    );
  });
});
