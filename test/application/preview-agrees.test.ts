import { expect } from "chai";
import fc from "fast-check";
import { describe, it } from "mocha";
import {
  makeFixedClock,
  makeMemoryCatalog,
  makeSequentialIds,
} from "../../src/adapters/memory/memory-environment.ts";
import { makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import { makePreviewDecision } from "../../src/application/settings/preview-decision.ts";
import { makeSignInTransaction } from "../../src/application/sign-in/sign-in-transaction.ts";
import { makeSignInWithRetry } from "../../src/application/sign-in/sign-in-with-retry.ts";
import { makeUserFacts } from "../../src/application/sign-in/user-facts.ts";
import { makeDryRun } from "../../src/application/test-sign-in/dry-run.ts";
import { PERSISTENT_NAME_ID_FORMAT, persistentSubject } from "../../src/domain/email-identity.ts";
import type { LicensePolicy } from "../../src/domain/settings.ts";
import { NEW_CONNECTION } from "../../src/domain/settings.ts";
import type { UserState } from "../../src/domain/sign-in-decision.ts";
import { sampleAssertion, sampleReceipt, sampleUser } from "../../src/testing/contracts/samples.ts";
import { firstSignIn, userState } from "../domain/support/arbitraries.ts";
import { CONNECTION, emailOf } from "../domain/support/examples.ts";
import { verified } from "../support/fake-identity.ts";
import { DEFAULT_TENANT } from "../support/host.ts";

const tenant = DEFAULT_TENANT;
const ROLE = "a";
const ISSUER = "https://idp.example/metadata";
const NAME_ID = { value: "p-1", format: PERSISTENT_NAME_ID_FORMAT };
const DOMAINS = ["corp.example", "eu.corp.example", "elsewhere.example"];

const NO_ACCESS = { liteRole: ROLE, groups: [], organizations: [] };

/** Each of the others now and then, so that most newcomers are created. */
function mostly<T>(usual: T, others: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others });
}

const scenario = fc.record({
  facts: firstSignIn,
  state: mostly<UserState | undefined>(undefined, userState),
  seated: fc.nat({ max: 3 }),
  limit: fc.option(fc.nat({ max: 2 }), { nil: undefined, freq: 3 }),
  jit: fc.boolean(),
  whenAddressChanged: fc.constantFrom("create", "refuse"),
  /** Whether the NameID is persistent, and whether a user with another address has it. */
  nameId: fc.constantFrom("of the address", "persistent", "former"),
  verified: mostly<readonly string[] | undefined>(
    undefined,
    fc.subarray(DOMAINS, { minLength: 2 }),
  ),
  /** Domains of a second connection, and whether it is the one that is gone through. */
  second: fc.record({
    domains: mostly<readonly string[]>([], fc.subarray(DOMAINS, { maxLength: 1 })),
    isUsed: mostly<boolean>(false, fc.constant(true)),
  }),
  policy: fc.constantFrom<LicensePolicy>(
    { kind: "deny" },
    { kind: "allow" },
    { kind: "lite", role: "b" },
    { kind: "lite", role: "c" },
  ),
});

describe("a preview and the sign-in that follows", () => {
  it("never differ, whatever settings, rules, attributes, catalog, licenses and user are", async () => {
    const decisions = new Set<string>();
    await fc.assert(
      fc.asyncProperty(scenario, async ({ facts, state, seated, limit, jit, policy, ...more }) => {
        const { identity, lookup } = facts;
        const { nameId, verified: proven, second, whenAddressChanged } = more;
        if (identity.kind !== "email") return;
        const email = identity.address;
        const { autoProvisioning } = facts.settings.settings;
        const settings = {
          ...facts.settings,
          version: 1,
          settings: {
            ...facts.settings.settings,
            connections: [
              ...facts.settings.settings.connections,
              { ...CONNECTION, id: "second", domains: second.domains },
            ],
            autoProvisioning: {
              ...autoProvisioning,
              whenAddressChanged,
              enabled: jit || seated > 0,
              whenLicensesRunOut: policy,
            },
          },
        };

        const memory = makeMemoryStores();
        const { users, settings: store } = memory.stores;
        await store.save(tenant, settings);
        for (let seat = 0; seat < seated; seat += 1) {
          const seed = { email: `seat-${seat}@corp.example`, state: "active", role: ROLE } as const;
          memory.seedUser(tenant, { ...seed, email: emailOf(seed.email) });
        }
        if (state !== undefined) memory.seedUser(tenant, { email, state });
        if (nameId === "former") {
          const user = sampleUser(emailOf("old@corp.example"), {
            ...NO_ACCESS,
            licensedRole: ROLE,
          });
          const receipt = {
            ...sampleReceipt(user),
            issuer: ISSUER,
            nameId: NAME_ID.value,
            nameIdFormat: NAME_ID.format,
          };
          await users.create(tenant, user, receipt, {}, sampleAssertion(user));
        }
        const named = (ids: ReadonlySet<string>) => [...ids].map((id) => ({ id, name: id }));
        const catalog = makeMemoryCatalog({
          roles: [...lookup.catalog.roles.values()],
          groups: named(lookup.catalog.groups),
          organizations: named(lookup.catalog.organizations),
        });
        const { organizationRequired } = lookup.catalog;
        const userFacts = makeUserFacts({
          users,
          catalog,
          licenseLimit: () => limit,
          organizationRequired,
          verifiedDomains: async () => proven && new Set(proven),
        });
        const dryRun = makeDryRun({ users, catalog, userFacts });
        const previewDecision = makePreviewDecision({
          settings: store,
          checkSettings: () => expect.fail("nothing is checked without a draft"),
          dryRun,
        });
        const clock = makeFixedClock();
        const ids = makeSequentialIds();
        const { unitOfWork } = memory;
        const signInTransaction = makeSignInTransaction({
          unitOfWork,
          userFacts,
          recordEvent: async () => undefined,
          clock,
          ids,
        });
        const signIn = makeSignInWithRetry({ users, userFacts, signInTransaction });

        const attributes = [{ name: "mail", values: [email] }, ...facts.asserted.attributes];
        const connection =
          settings.settings.connections.at(second.isUsed ? -1 : 0) ?? NEW_CONNECTION;
        const assertion = verified(email, { issuer: ISSUER });
        const claims = nameId === "of the address" ? assertion.claims : { nameId: NAME_ID };
        // A preview of the settings page knows no NameID; a test sign-in does.
        const previewed =
          nameId === "of the address"
            ? await previewDecision({ tenant, email, attributes, connection: connection.id })
            : {
                kind: "decided" as const,
                preview: await dryRun({
                  ...{ tenant, settings, identity },
                  asserted: {
                    ...{ attributes, connection },
                    subject: persistentSubject(ISSUER, NAME_ID),
                  },
                }),
              };
        if (previewed.kind === "invalid") return expect.fail("there is no draft");
        const { preview } = previewed;
        const result = await signIn({
          tenant,
          settings,
          connection,
          assertion: { ...assertion, claims: { ...claims, attributes } },
          reference: "REF",
          requestExpiresAt: clock.now() + 1000,
        });

        decisions.add(`${preview.decision} ${preview.rule}`);
        if (result.kind === "denied") {
          const { reason, detail, rule } = result.denial;
          expect(preview).to.include({ decision: "deny", rule: reason, detail });
          const refusedBy = preview.decision === "deny" ? preview.refusedBy : undefined;
          expect(refusedBy?.number).to.equal(rule?.number);
          expect(refusedBy?.matched).to.deep.equal(rule?.matched);
          return;
        }
        if (result.kind !== "entered") return expect.fail(result.kind);
        expect(preview.decision).to.equal(result.decision.kind);
        if (preview.decision !== "provision") return;
        const user = memory.userByEmail(tenant, email);
        expect(user?.role).to.equal(preview.role.id);
        expect(user?.groups).to.deep.equal(preview.groups.first.map(({ id }) => id));
        expect(user?.organizations).to.deep.equal(
          preview.organizations.kind === "all"
            ? { kind: "all" }
            : { kind: "selected", ids: preview.organizations.first.map(({ id }) => id) },
        );
        const kept = user?.receipt?.rules ?? [];
        expect(kept.map(({ number, matched }) => ({ number, matched }))).to.deep.equal(
          preview.rules.first.map(({ number, matched }) => ({ number, matched })),
        );
        const deciding = preview.rules.first.find(({ decides }) => decides === "role");
        expect(deciding?.number).to.equal(kept.find(({ role }) => role !== undefined)?.number);
        const [entry] = memory.auditEntries(tenant);
        expect(entry?.detail["roleFrom"]).to.match(
          deciding === undefined ? /^the defaults$/ : new RegExp(`^rule ${deciding.number} \\(`),
        );
        // Audit entries keep the beginning of a long text.
        const warned = preview.warnings.first.map(({ text }) => text).join(", ");
        expect((entry?.detail["provisioning"] ?? "").slice(0, 300)).to.equal(warned.slice(0, 300));
      }),
      { numRuns: 3000 },
    );
    // The scenarios are worth something only if they end in many ways.
    expect([...decisions]).to.include.members([
      "provision defaults",
      "provision rule",
      "provision license-overage",
      "provision license-fallback",
      "sign-in active-user",
      "accept-invitation invited-user",
      "deny user-suspended",
      "deny user-deleted",
      "deny jit-disabled",
      "deny refused-by-rule",
      "deny no-rule-matched",
      "deny address-changed",
      "deny defaults-invalid",
      "deny license-exhausted",
      "deny domain-not-verified",
      "deny domain-not-allowed",
      "deny domain-of-other-connection",
    ]);
  });
});
