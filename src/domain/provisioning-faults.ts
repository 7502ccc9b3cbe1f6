import {
  type CatalogFacts,
  exceedsOrganizationsOf,
  type GroupId,
  type OrganizationAccess,
  type RoleId,
} from "./access.ts";
import { parseDomain } from "./email-address.ts";
import { bothOf } from "./provisioning-rules.ts";
import type {
  AutoProvisioning,
  ConnectionId,
  ProvisioningRule,
  RuleCondition,
} from "./settings.ts";
import {
  attributeNameFaults,
  domainFault,
  fault,
  type SettingsFault,
  type SettingsPath,
} from "./texts/faults.ts";

/** Maximum number of rules. */
export const MAX_RULES = 100;
/** Maximum number of values, domains and connections in the conditions of all rules together. */
export const MAX_RULE_VALUES = 1000;
/** Maximum length of a value in a condition, in UTF-16 code units. */
export const MAX_RULE_VALUE_LENGTH = 1024;
/** Maximum number of groups that all rules together give. */
export const MAX_RULE_GROUPS = 10_000;
/** Maximum number of organizations that all rules together give. */
export const MAX_RULE_ORGANIZATIONS = 100_000;

/** Faults of what new users get. */
export function provisioningFaults(
  defaults: AutoProvisioning,
  catalog: CatalogFacts,
  connections: ReadonlySet<ConnectionId>,
): readonly SettingsFault[] {
  const needed =
    defaults.enabled && defaults.role === undefined ? [fault(at("role"), "required:role")] : [];
  const policy = defaults.whenLicensesRunOut;
  return [
    ...needed,
    ...(defaults.role === undefined
      ? []
      : roleFaults(defaults.role, at("role"), defaults.organizations, catalog)),
    ...(policy.kind === "lite" ? liteFaults(policy.role, defaults, catalog) : []),
    ...groupFaults(defaults.groups, at("groups"), catalog),
    ...defaultOrganizationFaults(defaults, catalog),
    ...rulesFaults(defaults, catalog, connections),
    ...confirmationFaults(defaults, catalog),
  ];
}

/** Warnings about what new users get. */
export function provisioningWarnings({
  enabled,
  rules,
  whenNoRuleMatches,
}: AutoProvisioning): readonly SettingsFault[] {
  return enabled && rules.length === 0 && whenNoRuleMatches === "refuse"
    ? [fault(at("whenNoRuleMatches"), "no-rules")]
    : [];
}

function at(...rest: SettingsPath): SettingsPath {
  return ["autoProvisioning", ...rest];
}

/** Every privileged role is confirmed together, whether it is the default or a rule names it. */
function confirmationFaults(
  { role, whenLicensesRunOut: policy, rules, privilegedRoleConfirmed }: AutoProvisioning,
  { roles }: CatalogFacts,
): readonly SettingsFault[] {
  if (privilegedRoleConfirmed) return [];
  const named = new Set([
    role,
    policy.kind === "lite" ? policy.role : undefined,
    ...rules.map((rule) => rule.role),
  ]);
  const privileged = [...named].flatMap((id) => {
    const found = id === undefined ? undefined : roles.get(id);
    return found?.privileged === true ? [found.name] : [];
  });
  if (privileged.length === 0) return [];
  const text = `confirmation-required:${privileged.length === 1 ? "one" : "several"}` as const;
  return [fault(at("privilegedRoleConfirmed"), text, { roles: privileged.join(", ") })];
}

function roleFaults(
  id: RoleId,
  path: SettingsPath,
  organizations: OrganizationAccess,
  { roles }: CatalogFacts,
): readonly SettingsFault[] {
  const role = roles.get(id);
  if (role === undefined) return [fault(path, "unknown:role", { id })];
  const { name, maxOrganizations: most = 0 } = role;
  return exceedsOrganizationsOf(role, organizations)
    ? [fault(path, "too-many-organizations", { role: name, most })]
    : [];
}

function liteFaults(
  id: RoleId,
  { organizations }: AutoProvisioning,
  catalog: CatalogFacts,
): readonly SettingsFault[] {
  const path = at("whenLicensesRunOut", "role");
  const licensed = catalog.roles.get(id)?.licensed === true;
  return [
    ...(licensed ? [fault(path, "role-takes-a-license")] : []),
    ...roleFaults(id, path, organizations, catalog),
  ];
}

function groupFaults(
  groups: readonly GroupId[],
  path: SettingsPath,
  catalog: CatalogFacts,
): readonly SettingsFault[] {
  return groups.flatMap((id, index) =>
    catalog.groups.has(id) ? [] : [fault([...path, index], "unknown:group", { id })],
  );
}

function defaultOrganizationFaults(
  { enabled, organizations }: AutoProvisioning,
  catalog: CatalogFacts,
): readonly SettingsFault[] {
  const none = organizations.kind === "selected" && organizations.ids.length === 0;
  return enabled && catalog.organizationRequired && none
    ? [fault(at("organizations", "ids"), "required:organization")]
    : organizationFaults(organizations, at("organizations"), catalog);
}

function organizationFaults(
  organizations: OrganizationAccess,
  path: SettingsPath,
  catalog: CatalogFacts,
): readonly SettingsFault[] {
  if (organizations.kind === "all") return [];
  return organizations.ids.flatMap((id, index) =>
    catalog.organizations.has(id)
      ? []
      : [fault([...path, "ids", index], "unknown:organization", { id })],
  );
}

function rulesFaults(
  defaults: AutoProvisioning,
  catalog: CatalogFacts,
  connections: ReadonlySet<ConnectionId>,
): readonly SettingsFault[] {
  const { rules } = defaults;
  const tooMany = numberFault(rules);
  if (tooMany !== undefined) return [tooMany];
  const seen = new Set<string>();
  return rules.flatMap((rule, index) => {
    const path = at("rules", index);
    const text = JSON.stringify(rule);
    const again = seen.has(text);
    seen.add(text);
    return [
      ...(again ? [fault(path, "duplicate:rule")] : []),
      ...conditionFaults(rule.when, [...path, "when"], connections),
      ...grantFaults(rule, path, catalog),
      ...limitFaults(rule, path, defaults, catalog),
    ];
  });
}

/** Counted before anything in the rules is looked at. */
function numberFault(rules: readonly ProvisioningRule[]): SettingsFault | undefined {
  const sum = (lengthOf: (rule: ProvisioningRule) => number) =>
    rules.reduce((total, rule) => total + lengthOf(rule), 0);
  const counts = [
    [rules.length, MAX_RULES, "too-many:rules"],
    [sum(({ when }) => valuesOf(when).length), MAX_RULE_VALUES, "too-many:values"],
    [sum(({ groups = [] }) => groups.length), MAX_RULE_GROUPS, "too-many:groups"],
    [
      sum(({ organizations: to }) => (to?.kind === "selected" ? to.ids.length : 0)),
      MAX_RULE_ORGANIZATIONS,
      "too-many:organizations",
    ],
  ] as const;
  const over = counts.find(([count, most]) => count > most);
  return over && fault(at("rules"), over[2], { most: over[1] });
}

function valuesOf(when: RuleCondition): readonly string[] {
  if ("attribute" in when) return when.anyOf;
  return "emailDomain" in when ? when.emailDomain : when.connection;
}

function conditionFaults(
  when: RuleCondition,
  path: SettingsPath,
  connections: ReadonlySet<ConnectionId>,
): readonly SettingsFault[] {
  if ("attribute" in when) {
    return [
      ...attributeNameFaults([...path, "attribute"], when.attribute, "required:attribute"),
      ...valueFaults(when.anyOf, [...path, "anyOf"], attributeValueFault),
    ];
  }
  return "emailDomain" in when
    ? valueFaults(when.emailDomain, [...path, "emailDomain"], (domain, one) =>
        parseDomain(domain) === domain ? undefined : domainFault(one),
      )
    : valueFaults(when.connection, [...path, "connection"], (id, one) =>
        connections.has(id) ? undefined : fault(one, "unknown:connection", { id }),
      );
}

function valueFaults(
  values: readonly string[],
  path: SettingsPath,
  valueFault: (value: string, path: SettingsPath) => SettingsFault | undefined,
): readonly SettingsFault[] {
  if (values.length === 0) return [fault(path, "required:values")];
  const seen = new Set<string>();
  return values.flatMap((value, index) => {
    const one = [...path, index];
    const again = seen.has(value);
    seen.add(value);
    const found = again ? fault(one, "duplicate:value") : valueFault(value, one);
    return found === undefined ? [] : [found];
  });
}

function attributeValueFault(value: string, path: SettingsPath): SettingsFault | undefined {
  if (value.length > MAX_RULE_VALUE_LENGTH) {
    return fault(path, "too-long:text", { most: MAX_RULE_VALUE_LENGTH });
  }
  const trimmed = value.trim();
  if (trimmed === "") return fault(path, "required:value");
  return trimmed === value ? undefined : fault(path, "value-invalid");
}

/** Faults of what the rule gives by itself. */
function grantFaults(
  { role, groups, organizations, refuse }: ProvisioningRule,
  path: SettingsPath,
  catalog: CatalogFacts,
): readonly SettingsFault[] {
  const gives = role !== undefined || groups !== undefined || organizations !== undefined;
  return [
    ...(refuse === true && gives ? [fault([...path, "refuse"], "refuse-alone")] : []),
    ...(role !== undefined && !catalog.roles.has(role)
      ? [fault([...path, "role"], "unknown:role", { id: role })]
      : []),
    ...groupFaults(groups ?? [], [...path, "groups"], catalog),
    ...(organizations === undefined
      ? []
      : organizationFaults(organizations, [...path, "organizations"], catalog)),
  ];
}

/**
 * Faults of the rule together with the defaults: the organizations of both are more than the role,
 * or the role that replaces it without a license, can access. What several rules give together is
 * only known at a sign-in.
 */
function limitFaults(
  { role, organizations }: ProvisioningRule,
  path: SettingsPath,
  defaults: AutoProvisioning,
  catalog: CatalogFacts,
): readonly SettingsFault[] {
  if (role === undefined && organizations === undefined) return [];
  const access = bothOf(defaults.organizations, organizations);
  const { whenLicensesRunOut: policy } = defaults;
  const assigned = [
    [role ?? defaults.role, role === undefined ? "organizations" : "role"],
    [policy.kind === "lite" ? policy.role : undefined, "organizations"],
  ] as const;
  const limited = assigned.find(([id]) => {
    const found = id === undefined ? undefined : catalog.roles.get(id);
    return found !== undefined && exceedsOrganizationsOf(found, access);
  });
  if (limited?.[0] === undefined) return [];
  const [id, member] = limited;
  // Without organizations of its own, the rule adds nothing to what the role without a license has.
  if (member === "organizations" && organizations === undefined) return [];
  return roleFaults(id, [...path, member], access, catalog);
}
