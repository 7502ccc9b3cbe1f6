import type { OrganizationAccess } from "./access.ts";
import { defined } from "./defined.ts";
import { domainOf, type EmailAddress } from "./email-address.ts";
import type { AssertedAttribute, Subject } from "./email-identity.ts";
import type { AutoProvisioning, Connection, ConnectionId, ProvisioningRule } from "./settings.ts";

/** What the rules look at besides the address; read from signed content only. */
export interface Asserted {
  /** Attributes of the assertion, by their exact names. */
  readonly attributes: readonly AssertedAttribute[];
  /** The connection whose certificate verified the assertion. */
  readonly connection: Connection;
  /** Whom the identity provider means; absent without a persistent NameID. */
  readonly subject?: Subject | undefined;
}

/** What a rule found in a sign-in. */
export type RuleMatch =
  | { readonly attribute: string; readonly value: string }
  | { readonly emailDomain: string }
  | { readonly connection: ConnectionId };

/** A rule that matched a new user, with what it gives. */
export interface MatchedRule extends Omit<ProvisioningRule, "when"> {
  /** Position in the list of rules, from 1. */
  readonly number: number;
  /** What it found. */
  readonly matched: RuleMatch;
}

/**
 * Microsoft Entra ID sends one of these instead of the groups of a user who has more than 150.
 * They are no groups themselves.
 */
const OVERAGE_MARKERS: ReadonlySet<string> = new Set([
  "http://schemas.microsoft.com/claims/groups.link",
  "_claim_names",
]);
/** Attributes with groups, whose list is incomplete beside a marker. */
const GROUP_ATTRIBUTES: ReadonlySet<string> = new Set([
  "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
  "groups",
]);

/** Whether the identity provider left out the user's groups because there are too many. */
export function groupsLeftOut(attributes: readonly AssertedAttribute[]): boolean {
  return attributes.some(({ name }) => OVERAGE_MARKERS.has(name));
}

/**
 * The rules that match, in order. Names and values are compared exactly. Where groups were left
 * out, those that are there give nothing; they may still refuse. Linear in the attributes and the
 * values of the rules.
 */
export function matchingRules(
  rules: readonly ProvisioningRule[],
  email: EmailAddress,
  { attributes, connection }: Asserted,
): readonly MatchedRule[] {
  const values = valuesByName(attributes);
  const incomplete = groupsLeftOut(attributes) ? GROUP_ATTRIBUTES : NO_NAMES;
  return rules.flatMap(({ when, ...gives }, index) => {
    const unusable = gives.refuse === true ? NO_NAMES : incomplete;
    const matched =
      "attribute" in when
        ? matchedValue(when, unusable.has(when.attribute) ? undefined : values.get(when.attribute))
        : "emailDomain" in when
          ? matchedDomain(when.emailDomain, domainOf(email))
          : matchedConnection(when.connection, connection.id);
    return matched === undefined ? [] : [{ number: index + 1, matched, ...gives }];
  });
}

/** The defaults with what the matching rules give: see {@link matchingRules}. */
export function withRules(
  defaults: AutoProvisioning,
  rules: readonly MatchedRule[],
): AutoProvisioning {
  const role = roleRule(rules)?.role;
  return {
    ...defaults,
    ...defined({ role }),
    groups: [...defaults.groups, ...rules.flatMap(({ groups = [] }) => groups)],
    organizations: rules.reduce(
      (access, { organizations }) => bothOf(access, organizations),
      defaults.organizations,
    ),
  };
}

/** The rule that decides the role: the first that names one. */
export function roleRule(rules: readonly MatchedRule[]): MatchedRule | undefined {
  return rules.find(({ role }) => role !== undefined);
}

/** The rule that refuses, whatever else matches. */
export function refusingRule(rules: readonly MatchedRule[]): MatchedRule | undefined {
  return rules.find(({ refuse }) => refuse === true);
}

/** Access to the organizations of both. */
export function bothOf(
  access: OrganizationAccess,
  more: OrganizationAccess | undefined,
): OrganizationAccess {
  if (more === undefined || access.kind === "all") return access;
  return more.kind === "all" ? more : { kind: "selected", ids: [...access.ids, ...more.ids] };
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** The values of attributes of the same name count together. */
function valuesByName(
  attributes: readonly AssertedAttribute[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { name, values } of attributes) {
    if (OVERAGE_MARKERS.has(name)) continue;
    const known = found.get(name) ?? new Set();
    for (const value of values) known.add(value);
    found.set(name, known);
  }
  return found;
}

function matchedValue(
  { attribute, anyOf }: { readonly attribute: string; readonly anyOf: readonly string[] },
  values: ReadonlySet<string> | undefined,
): RuleMatch | undefined {
  const value = anyOf.find((wanted) => values?.has(wanted) === true);
  return value === undefined ? undefined : { attribute, value };
}

function matchedDomain(domains: readonly string[], emailDomain: string): RuleMatch | undefined {
  return domains.includes(emailDomain) ? { emailDomain } : undefined;
}

function matchedConnection(
  connections: readonly ConnectionId[],
  connection: ConnectionId,
): RuleMatch | undefined {
  return connections.includes(connection) ? { connection } : undefined;
}
