import { expect } from "chai";
import { describe, it } from "mocha";
import type { OrganizationAccess, RoleId, SeatsKnown } from "../../src/domain/access.ts";
import type {
  AutoProvisioning,
  LicensePolicy,
  ProvisioningRule,
} from "../../src/domain/settings.ts";
import {
  decideSignIn,
  type SignInDecision,
  type UserLookup,
} from "../../src/domain/sign-in-decision.ts";
import {
  ADMINISTRATOR,
  asserted,
  CATALOG,
  catalogOf,
  EDITOR,
  identityOf,
  known,
  LITE,
  savedSettings,
} from "./support/examples.ts";

const ADA = identityOf("ada@corp.example");
const SAID = asserted({ groups: ["managers"] });
const SETTINGS = savedSettings();
const SMALL_LITE = { ...LITE, maxOrganizations: 2 };
const ROLES = new Map([EDITOR, SMALL_LITE, ADMINISTRATOR].map((role) => [role.id, role]));
const CATALOGS = [true, false].map((organizationRequired) =>
  catalogOf({ roles: ROLES, organizationRequired }),
);

const selected = (...ids: readonly string[]): OrganizationAccess => ({ kind: "selected", ids });

/** Rules of which at most the one that is named matches. */
const RULES: Readonly<Record<string, Omit<ProvisioningRule, "when"> | undefined>> = {
  "no rule matches": undefined,
  "a rule only matches": {},
  "a rule gives a licensed role": { role: EDITOR.id },
  "a rule gives a Lite role": { role: LITE.id },
  "a rule gives a privileged role": { role: ADMINISTRATOR.id },
  "a rule gives a role that is gone": { role: "gone" },
  "a rule adds groups and an organization": {
    groups: ["reviewers", "gone"],
    organizations: selected("east"),
  },
  "a rule adds all organizations": { organizations: { kind: "all" } },
  "a rule adds an organization that is gone": { organizations: selected("nowhere") },
  "a rule refuses": { refuse: true },
};

const DEFAULT_ROLES: readonly (RoleId | undefined)[] = [
  EDITOR.id,
  LITE.id,
  ADMINISTRATOR.id,
  "gone",
  undefined,
];

const POLICIES: readonly LicensePolicy[] = [
  { kind: "deny" },
  { kind: "allow" },
  { kind: "lite", role: LITE.id },
  { kind: "lite", role: EDITOR.id },
  { kind: "lite", role: ADMINISTRATOR.id },
  { kind: "lite", role: "gone" },
];

const SEATS: readonly SeatsKnown[] = [
  {},
  { used: 3 },
  { used: 9, limit: 10 },
  { used: 10, limit: 10 },
  { used: 12, limit: 10 },
];

const ORGANIZATIONS: readonly OrganizationAccess[] = [
  selected(),
  selected("north", "south"),
  selected("nowhere"),
  { kind: "all" },
];

interface Combination {
  readonly rule: keyof typeof RULES;
  readonly role: RoleId | undefined;
  readonly confirmed: boolean;
  readonly policy: LicensePolicy;
  readonly seats: SeatsKnown;
  readonly organizations: OrganizationAccess;
  readonly required: boolean;
  readonly otherwise: AutoProvisioning["whenNoRuleMatches"];
}

function* combinations(): Generator<Combination> {
  for (const rule of Object.keys(RULES))
    for (const role of DEFAULT_ROLES)
      for (const confirmed of [true, false])
        for (const policy of POLICIES)
          for (const seats of SEATS)
            for (const organizations of ORGANIZATIONS)
              for (const required of [true, false])
                for (const otherwise of ["defaults", "refuse"] as const)
                  yield {
                    rule,
                    role,
                    confirmed,
                    policy,
                    seats,
                    organizations,
                    required,
                    otherwise,
                  };
}

function decided(
  { rule, role, confirmed, policy, seats, organizations, required, otherwise }: Combination,
  lookup: UserLookup = {
    kind: "unknown",
    catalog: CATALOGS[required ? 0 : 1] ?? CATALOG,
    licenses: seats,
  },
): SignInDecision {
  const gives = RULES[rule];
  const autoProvisioning: AutoProvisioning = {
    enabled: true,
    ...(role === undefined ? {} : { role }),
    privilegedRoleConfirmed: confirmed,
    groups: ["designers"],
    organizations,
    whenLicensesRunOut: policy,
    rules: [
      { when: { attribute: "groups", anyOf: ["others"] }, refuse: true },
      ...(gives === undefined
        ? []
        : [{ when: { attribute: "groups", anyOf: ["managers"] }, ...gives }]),
    ],
    whenNoRuleMatches: otherwise,
  };
  return decideSignIn({
    identity: ADA,
    asserted: SAID,
    settings: { ...SETTINGS, settings: { ...SETTINGS.settings, autoProvisioning } },
    lookup,
  });
}

/** What docs/RULES.md says, written down as a list of sentences. */
function expected(combination: Combination): string {
  const { role, confirmed, policy, seats, required, otherwise } = combination;
  const gives = RULES[combination.rule];
  if (gives?.refuse === true) return "refused-by-rule";
  if (gives === undefined && otherwise === "refuse") return "no-rule-matched";
  const usable = (id: RoleId | undefined) => {
    const found = ROLES.get(id ?? "");
    return found?.privileged === true && !confirmed ? undefined : found;
  };
  let given = usable(gives?.role ?? role);
  if (given === undefined) return "defaults-invalid";
  const { used, limit = Number.POSITIVE_INFINITY } = seats;
  const full = used !== undefined && given.licensed && used + 1 > limit;
  if (full && policy.kind === "deny") return "license-exhausted";
  if (full && policy.kind === "lite") {
    given = usable(policy.role);
    if (given === undefined) return "defaults-invalid";
    if (given.licensed) return "license-exhausted";
  }
  const access = [combination.organizations, gives?.organizations ?? selected()];
  const all = access.some(({ kind }) => kind === "all");
  const ids = access
    .flatMap((one) => (one.kind === "all" ? [] : one.ids))
    .filter((id) => id !== "nowhere");
  if (required && !all && ids.length === 0) return "defaults-invalid";
  const most = given.maxOrganizations;
  if (most !== undefined && (all || ids.length > most)) return "defaults-invalid";
  const groups = gives?.groups === undefined ? "designers" : "designers,reviewers";
  const after = used === undefined ? "-" : used + (given.licensed ? 1 : 0);
  return [given.id, groups, all ? "all" : ids.join(), after, full ? policy.kind : ""].join(" ");
}

function text(decision: SignInDecision): string {
  if (decision.kind === "deny") return decision.reason;
  if (decision.kind !== "provision") return decision.kind;
  const { user, receipt, warnings } = decision;
  const { organizations } = user;
  const policy = { "license-overage": "allow", "license-fallback": "lite" };
  const [over = ""] = warnings.flatMap(({ code }) =>
    code === "license-overage" || code === "license-fallback" ? [policy[code]] : [],
  );
  return [
    user.role,
    user.groups.join(),
    organizations.kind === "all" ? "all" : organizations.ids.join(),
    receipt.seatsAfter ?? "-",
    over,
  ].join(" ");
}

/** Exceeds no license but under `allow`, and has no privileged role that is not confirmed. */
function isFair(decision: SignInDecision, { seats, policy, confirmed }: Combination): boolean {
  if (decision.kind !== "provision") return true;
  const { seatsBefore = 0, seatsAfter = 0 } = decision.receipt;
  const { limit = Number.POSITIVE_INFINITY } = seats;
  const exceeds = seatsAfter > limit && seatsAfter > seatsBefore;
  const isPrivileged = ROLES.get(decision.user.role)?.privileged === true;
  return (!exceeds || policy.kind === "allow") && (!isPrivileged || confirmed);
}

describe("every combination of rules, defaults, licenses, privileged roles and organizations", () => {
  it("gives a newcomer what the guide says and no more, and a known user nothing", () => {
    const user = known("active");
    const results = new Set<string>();
    for (const combination of combinations()) {
      const decision = decided(combination);
      const result = text(decision);
      results.add(result);
      const isRight = result === expected(combination) && isFair(decision, combination);
      // A message for each of 48,000 would take longer than the decisions.
      if (!isRight) expect(result, JSON.stringify(combination)).to.equal(expected(combination));
      if (!isRight || decided(combination, user).kind !== "sign-in") {
        expect.fail(JSON.stringify(combination));
      }
    }
    expect([...results].filter((result) => !result.includes(" "))).to.have.members([
      "refused-by-rule",
      "no-rule-matched",
      "defaults-invalid",
      "license-exhausted",
    ]);
    expect(results.size).to.be.above(60);
  });
});
