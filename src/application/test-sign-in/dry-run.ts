import type { NamedAccess } from "../../domain/access.ts";
import { defined } from "../../domain/defined.ts";
import type { EmailIdentity } from "../../domain/email-identity.ts";
import {
  type Excerpt,
  type Preview,
  type PreviewedOrganizations,
  type PreviewedRule,
  type PreviewWarning,
  provisionedBy,
  type Seats,
} from "../../domain/preview.ts";
import { type Asserted, type MatchedRule, roleRule } from "../../domain/provisioning-rules.ts";
import type { VersionedSettings } from "../../domain/settings.ts";
import {
  admitIdentity,
  type Denial,
  decideSignIn,
  type Provision,
  type ProvisionWarning,
  type UserLookup,
} from "../../domain/sign-in-decision.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { denialExplanation } from "../../domain/texts/administrator-explanations.ts";
import { DENIAL_SENTENCE } from "../../domain/texts/user-explanations.ts";
import type { AccessCatalog } from "../../ports/access-catalog.ts";
import type { Awaitable } from "../../ports/errors.ts";
import type { UserDirectory } from "../../ports/user-directory.ts";
import { excerpt } from "../audit/audit.ts";
import { warningText } from "../sign-in/sign-in-records.ts";
import type { UserFacts } from "../sign-in/user-facts.ts";

/** Decides by the very policy that decides sign-ins, and does nothing of it. */
export type DryRun = (query: {
  readonly tenant: TenantId;
  readonly settings: VersionedSettings;
  readonly identity: EmailIdentity;
  readonly asserted: Asserted;
}) => Promise<Preview>;

/** Maximum number of groups, organizations, rules and warnings listed. */
const MOST_NAMED = 20;

export function makeDryRun({
  users,
  catalog,
  userFacts,
}: {
  readonly users: UserDirectory;
  readonly catalog: AccessCatalog;
  readonly userFacts: UserFacts;
}): DryRun {
  async function readNames(
    ids: readonly string[],
    find: (ids: readonly string[]) => Awaitable<readonly NamedAccess[]>,
  ): Promise<Excerpt<NamedAccess>> {
    const { count, first } = excerpt(ids, MOST_NAMED);
    const found = first.length === 0 ? [] : await find(first);
    const names = new Map(found.map(({ id, name }) => [id, name]));
    return { count, first: first.map((id) => ({ id, name: names.get(id) ?? id })) };
  }

  async function previewProvisioning(
    tenant: TenantId,
    provision: Provision,
    lookup: UserLookup,
  ): Promise<Preview> {
    const { user, receipt, warnings } = provision;
    const role = lookup.kind === "unknown" ? lookup.catalog.roles.get(user.role) : undefined;
    const { organizations: access } = user;
    const groups = await readNames(user.groups, (ids) => catalog.groupsByIds(tenant, ids));
    const organizations: PreviewedOrganizations =
      access.kind === "all"
        ? access
        : {
            kind: "selected",
            ...(await readNames(access.ids, (ids) => catalog.organizationsByIds(tenant, ids))),
          };
    return {
      decision: "provision",
      rule: provisionedBy(provision),
      rules: previewRules(receipt.rules ?? []),
      email: user.email,
      role: {
        id: user.role,
        name: role?.name ?? user.role,
        licensed: role?.licensed ?? true,
      },
      groups,
      organizations,
      ...seats(lookup, receipt.seatsBefore, receipt.seatsAfter),
      warnings: {
        count: warnings.length,
        first: warnings.slice(0, MOST_NAMED).map((warning) => ({
          code: warning.code,
          text: warningText(warning),
          ...defined({ values: warningValues(warning) }),
        })),
      },
    };
  }

  return async ({ tenant, settings, identity, asserted }) => {
    const verifiedDomains = await userFacts.verifiedDomains(tenant);
    const admission = admitIdentity(identity, asserted, settings, verifiedDomains);
    if (admission.kind === "deny") return previewDenial(admission);
    const { email, newUser } = admission;
    const host = await userFacts.ofHost(tenant, newUser, asserted.subject);
    const lookup = await userFacts.ofUser({ users, tenant, email, newUser, host });
    const decision = decideSignIn({ identity, asserted, settings, verifiedDomains, lookup });
    switch (decision.kind) {
      case "deny":
        return previewDenial(decision, lookup);
      case "provision":
        return previewProvisioning(tenant, decision, lookup);
      default:
        return {
          decision: decision.kind,
          rule: decision.kind === "sign-in" ? "active-user" : "invited-user",
          email,
          userId: decision.userId,
        };
    }
  };
}

function previewDenial(
  { reason, cause, detail, comparison, rule }: Denial,
  lookup?: UserLookup,
): Preview {
  const used = lookup?.kind === "unknown" ? lookup.licenses.used : undefined;
  return {
    decision: "deny",
    rule: reason,
    ...(rule === undefined ? {} : { refusedBy: previewRule(rule, "refusal") }),
    ...defined({ cause }),
    explanation: denialExplanation(reason, cause),
    sentence: DENIAL_SENTENCE[reason],
    detail,
    ...defined({ comparison }),
    ...seats(lookup, used, used),
  };
}

function seats(
  lookup: UserLookup | undefined,
  before: number | undefined,
  after: number | undefined,
): { readonly seats?: Seats } {
  if (before === undefined || after === undefined) return {};
  const limit = lookup?.kind === "unknown" ? lookup.licenses.limit : undefined;
  return { seats: { before, after, ...defined({ limit }) } };
}

/** What a warning names, as plain values. */
function warningValues(warning: ProvisionWarning): PreviewWarning["values"] {
  switch (warning.code) {
    case "address-changed":
      return { id: warning.former.id, email: warning.former.email ?? "" };
    case "groups-left-out":
      return undefined;
    default: {
      const { code: _code, ...values } = warning;
      return values;
    }
  }
}

function previewRules(rules: readonly MatchedRule[]): Excerpt<PreviewedRule> {
  const deciding = roleRule(rules);
  const { count, first } = excerpt(rules, MOST_NAMED);
  return {
    count,
    first: first.map((rule) => previewRule(rule, rule === deciding ? "role" : undefined)),
  };
}

function previewRule(
  { number, matched }: MatchedRule,
  decides: PreviewedRule["decides"],
): PreviewedRule {
  return { number, matched, ...defined({ decides }) };
}
