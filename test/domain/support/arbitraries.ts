import fc from "fast-check";
import type {
  CatalogFacts,
  OrganizationAccess,
  Role,
  SeatsKnown,
  SeatsTaken,
} from "../../../src/domain/access.ts";
import type { EmailIdentity } from "../../../src/domain/email-identity.ts";
import type { Asserted } from "../../../src/domain/provisioning-rules.ts";
import type {
  AutoProvisioning,
  Connection,
  LicensePolicy,
  ProvisioningRule,
  RuleCondition,
  VersionedSettings,
} from "../../../src/domain/settings.ts";
import { NOT_ENFORCED } from "../../../src/domain/settings.ts";
import type { SignInFacts, UserLookup, UserState } from "../../../src/domain/sign-in-decision.ts";
import { CONNECTION, emailOf, NOW } from "./examples.ts";

const ANY_DOMAIN: Connection = { ...CONNECTION, domains: [], acceptsOtherDomains: true };

const DOMAINS = ["corp.example", "eu.corp.example", "elsewhere.example"];

/** Few IDs, so that what settings name is often there and often gone; some that JavaScript minds. */
const id = fc.constantFrom("a", "b", "c", "d", "__proto__", "constructor", "");

const role: fc.Arbitrary<Role> = fc
  .record({
    id,
    name: fc.string(),
    licensed: fc.boolean(),
    privileged: fc.boolean(),
    maxOrganizations: fc.option(fc.nat({ max: 4 }), { nil: undefined }),
  })
  .map(({ maxOrganizations, ...rest }) =>
    maxOrganizations === undefined ? rest : { ...rest, maxOrganizations },
  );

export const catalog: fc.Arbitrary<CatalogFacts> = fc.record({
  roles: fc.array(role, { maxLength: 6 }).map((roles) => new Map(roles.map((r) => [r.id, r]))),
  groups: fc.array(id).map((ids) => new Set(ids)),
  organizations: fc.array(id).map((ids) => new Set(ids)),
  organizationRequired: fc.boolean(),
});

const organizationAccess: fc.Arbitrary<OrganizationAccess> = fc.oneof(
  fc.constant({ kind: "all" } as const),
  fc.record({ kind: fc.constant("selected" as const), ids: fc.array(id, { maxLength: 6 }) }),
);

const licensePolicy: fc.Arbitrary<LicensePolicy> = fc.oneof(
  fc.constant({ kind: "deny" } as const),
  fc.constant({ kind: "allow" } as const),
  fc.record({ kind: fc.constant("lite" as const), role: id }),
);

const ENTRA_GROUPS = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
const ENTRA_MARKER = "http://schemas.microsoft.com/claims/groups.link";
const attributeName = fc.constantFrom("groups", "team", "toString", ENTRA_GROUPS);
const attributeValue = fc.constantFrom("x", "y", "X", "x ", "constructor");
const through = fc.constantFrom("default", "second").map((id) => ({ ...ANY_DOMAIN, id }));

/** What an identity provider says; attributes may be there twice, and groups be left out. */
export const asserted: fc.Arbitrary<Asserted> = fc.record({
  attributes: fc.array(
    fc.record({
      name: fc.oneof(
        { weight: 12, arbitrary: attributeName },
        { weight: 1, arbitrary: fc.constant(ENTRA_MARKER) },
      ),
      values: fc.array(attributeValue, { maxLength: 3 }),
    }),
    { maxLength: 4 },
  ),
  connection: through,
});

const condition: fc.Arbitrary<RuleCondition> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      attribute: attributeName,
      anyOf: fc.array(attributeValue, { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ emailDomain: fc.subarray(DOMAINS, { minLength: 1 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      connection: fc.array(fc.constantFrom("default", "second"), { maxLength: 1 }),
    }),
  },
);

/** Any rule; some give nothing, and some refuse. */
export const rule: fc.Arbitrary<ProvisioningRule> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        when: condition,
        role: fc.constantFrom("a", "b", "c", "d"),
        groups: fc.array(id, { maxLength: 3 }),
        organizations: organizationAccess,
      },
      { requiredKeys: ["when"] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ when: condition, refuse: fc.constant(true as const) }) },
);

export const autoProvisioning: fc.Arbitrary<AutoProvisioning> = fc
  .record({
    enabled: fc.boolean(),
    role: fc.option(id, { nil: undefined, freq: 8 }),
    privilegedRoleConfirmed: fc.boolean(),
    groups: fc.array(id, { maxLength: 6 }),
    organizations: organizationAccess,
    whenLicensesRunOut: licensePolicy,
    rules: fc.array(rule, { maxLength: 4 }),
    whenNoRuleMatches: fc.constantFrom("defaults", "refuse"),
  })
  .map(({ role: chosen, ...rest }) => (chosen === undefined ? rest : { ...rest, role: chosen }));

export const versionedSettings: fc.Arbitrary<VersionedSettings> = fc
  .record({
    enabled: fc.boolean(),
    allowedDomains: fc.subarray(DOMAINS),
    provisioning: autoProvisioning,
    version: fc.nat(),
  })
  .map(({ enabled, allowedDomains, provisioning, version }) => ({
    settings: {
      enabled,
      connections: [
        {
          ...CONNECTION,
          domains: allowedDomains,
          acceptsOtherDomains: allowedDomains.length === 0,
        },
      ],
      sharedDomains: [],
      enforcement: NOT_ENFORCED,
      autoProvisioning: provisioning,
    },
    version,
    connectionVersions: new Map([[CONNECTION.id, version]]),
    savedAt: NOW,
    savedBy: "admin",
  }));

const address = fc
  .tuple(fc.constantFrom("ada", "eve", "grace"), fc.constantFrom(...DOMAINS))
  .map(([local, domain]) => emailOf(`${local}@${domain}`));

export const identity: fc.Arbitrary<EmailIdentity> = fc.oneof(
  {
    weight: 6,
    arbitrary: address.map((found) => ({ kind: "email" as const, address: found, from: ["mail"] })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "missing" as const, looked: ["mail"] }) },
  {
    weight: 1,
    arbitrary: fc.constant({ kind: "invalid" as const, from: "mail", fault: "empty" as const }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "ambiguous" as const, from: ["mail", "NameID"] }) },
);

const counted: fc.Arbitrary<SeatsTaken> = fc
  .record({ used: fc.nat({ max: 6 }), limit: fc.option(fc.nat({ max: 6 }), { nil: undefined }) })
  .map(({ used, limit }) => ({
    used,
    ...(limit === undefined ? {} : { limit }),
  }));

const usage: fc.Arbitrary<SeatsKnown> = fc.oneof(
  { weight: 4, arbitrary: counted },
  { weight: 1, arbitrary: fc.constant({}) },
);

export const userState: fc.Arbitrary<UserState> = fc.constantFrom(
  "active",
  "invited",
  "suspended",
  "deleted",
);

export const knownPerson: fc.Arbitrary<UserLookup> = fc
  .record({ id, email: address, state: userState })
  .map((user) => ({ kind: "known", user }));

export const unknownPerson: fc.Arbitrary<Extract<UserLookup, { kind: "unknown" }>> = fc.record({
  kind: fc.constant("unknown" as const),
  catalog,
  licenses: usage,
});

/** Facts of a person whom the host does not have. */
export interface FirstSignIn extends SignInFacts {
  readonly lookup: Extract<UserLookup, { kind: "unknown" }>;
}

const access = fc.constantFrom("a", "b", "c", "d");

/** First sign-ins with auto-provisioning on; about half of them end with a user. */
export const firstSignIn: fc.Arbitrary<FirstSignIn> = fc
  .record({
    who: address,
    assertion: asserted,
    settings: versionedSettings,
    roleId: access,
    licenses: usage,
    roles: fc.array(
      fc.record({ licensed: fc.boolean(), privileged: fc.boolean(), bounded: fc.boolean() }),
      { minLength: 3, maxLength: 4 },
    ),
    groups: fc.subarray(["a", "b", "c", "d", "__proto__"]),
    organizations: fc.subarray(["a", "b", "c", "d", "constructor"]),
    organizationRequired: fc.boolean(),
  })
  .map(({ who, assertion, settings, roleId, licenses, roles, groups, organizations, ...rest }) => ({
    identity: { kind: "email", address: who, from: ["mail"] },
    asserted: assertion,
    settings: {
      ...settings,
      settings: {
        ...settings.settings,
        enabled: true,
        connections: [ANY_DOMAIN],
        autoProvisioning: { ...settings.settings.autoProvisioning, enabled: true, role: roleId },
      },
    },
    lookup: {
      kind: "unknown",
      licenses,
      catalog: {
        roles: new Map(
          roles.map(({ licensed, privileged, bounded }, index) => {
            const role = { id: "abcd".charAt(index), name: "A role", licensed, privileged };
            return [role.id, bounded ? { ...role, maxOrganizations: 2 } : role];
          }),
        ),
        groups: new Set(groups),
        organizations: new Set(organizations),
        organizationRequired: rest.organizationRequired,
      },
    },
  }));

/** Everything that a sign-in can be decided by. */
export const signInFacts: fc.Arbitrary<SignInFacts> = fc
  .record({
    identity,
    asserted,
    settings: versionedSettings,
    lookup: fc.oneof(knownPerson, unknownPerson),
  })
  .map((facts) => ({ ...facts, asserted: saidThrough(facts.settings, facts.asserted) }));

/** What is asserted, through the only connection of these settings. */
export function saidThrough({ settings }: VersionedSettings, said: Asserted): Asserted {
  return { ...said, connection: settings.connections[0] ?? ANY_DOMAIN };
}
