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
import type { LicensePolicy } from "../../src/domain/settings.ts";
import { NEW_CONNECTION } from "../../src/domain/settings.ts";
import { firstSignIn, userState } from "../domain/support/arbitraries.ts";
import { emailOf } from "../domain/support/examples.ts";
import { verified } from "../support/fake-identity.ts";
import { DEFAULT_TENANT } from "../support/host.ts";

const tenant = DEFAULT_TENANT;
const ROLE = "a";

const scenario = fc.record({
  facts: firstSignIn,
  state: fc.option(userState, { nil: undefined, freq: 4 }),
  seated: fc.nat({ max: 3 }),
  limit: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  jit: fc.boolean(),
  policy: fc.constantFrom<LicensePolicy>(
    { kind: "deny" },
    { kind: "allow" },
    { kind: "lite", role: "b" },
  ),
});

describe("a preview and the sign-in that follows", () => {
  it("never differ, whatever settings, rules, attributes, catalog, licenses and user are", async () => {
    const decisions = new Set<string>();
    await fc.assert(
      fc.asyncProperty(scenario, async ({ facts, state, seated, limit, jit, policy }) => {
        const { identity, asserted, person } = facts;
        if (identity.kind !== "email") return;
        const email = identity.address;
        const { autoProvisioning } = facts.settings.settings;
        const settings = {
          ...facts.settings,
          version: 1,
          settings: {
            ...facts.settings.settings,
            autoProvisioning: {
              ...autoProvisioning,
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
        const named = (ids: ReadonlySet<string>) => [...ids].map((id) => ({ id, name: id }));
        const catalog = makeMemoryCatalog({
          roles: [...person.catalog.roles.values()],
          groups: named(person.catalog.groups),
          organizations: named(person.catalog.organizations),
        });
        const { organizationRequired } = person.catalog;
        const userFacts = makeUserFacts({
          users,
          catalog,
          licenseLimit: () => limit,
          organizationRequired,
          verifiedDomains: async () => undefined,
        });
        const previewDecision = makePreviewDecision({
          settings: store,
          checkSettings: () => expect.fail("nothing is checked without a draft"),
          dryRun: makeDryRun({ users, catalog, userFacts }),
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

        const { attributes } = asserted;
        const previewed = await previewDecision({ tenant, email, attributes });
        if (previewed.kind === "invalid") return expect.fail("there is no draft");
        const { preview } = previewed;
        const assertion = verified(email);
        const result = await signIn({
          tenant,
          settings,
          connection: settings.settings.connections[0] ?? NEW_CONNECTION,
          assertion: { ...assertion, claims: { ...assertion.claims, attributes } },
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
      { numRuns: 1000 },
    );
    // The scenarios are worth something only if they end in many ways.
    expect([...decisions]).to.include.members([
      "provision defaults",
      "provision rule",
      "sign-in active-user",
      "deny refused-by-rule",
      "deny no-rule-matched",
      "deny defaults-invalid",
    ]);
  });
});
