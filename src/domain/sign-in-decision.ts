import {
  type CatalogFacts,
  exceedsOrganizationsOf,
  type GroupId,
  type OrganizationAccess,
  type OrganizationId,
  type Role,
  type RoleId,
  type SeatChange,
  type SeatsKnown,
  seatChange,
  type UserId,
} from "./access.ts";
import { domainOf, type EmailAddress } from "./email-address.ts";
import type { EmailIdentity, ReceivedNames } from "./email-identity.ts";
import {
  type Asserted,
  groupsLeftOut,
  type MatchedRule,
  matchingRules,
  type RuleMatch,
  refusingRule,
  roleRule,
  withRules,
} from "./provisioning-rules.ts";
import { type FormerUser, formerText } from "./receipt.ts";
import type { Comparison } from "./rejection.ts";
import {
  type AutoProvisioning,
  domainClaim,
  type Settings,
  type VersionedSettings,
} from "./settings.ts";

/** State of a user at the host. */
export type UserState = "active" | "invited" | "suspended" | "deleted";

/** A user known to the host, including invited and deleted ones. */
export interface KnownUser {
  /** The host's ID of the user. */
  readonly id: UserId;
  /** The normalized address. */
  readonly email: EmailAddress;
  /** Decides whether the user can sign in. */
  readonly state: UserState;
}

/** Facts about the user; only an unknown user needs the catalog. */
export type UserLookup =
  | { readonly kind: "known"; readonly user: KnownUser }
  | {
      readonly kind: "unknown";
      readonly catalog: CatalogFacts;
      readonly licenses: SeatsKnown;
      /** A user who has the same persistent NameID, and another address. Default: none. */
      readonly former?: FormerUser;
    };

/** A user to create, with all access. */
export interface NewUser {
  /** The normalized address. */
  readonly email: EmailAddress;
  /** Role. */
  readonly role: RoleId;
  /** Security groups. */
  readonly groups: readonly GroupId[];
  /** Organizations. */
  readonly organizations: OrganizationAccess;
}

/** A warning about a created user. */
export type ProvisionWarning =
  | { readonly code: "group-gone"; readonly id: GroupId }
  | { readonly code: "organization-gone"; readonly id: OrganizationId }
  | { readonly code: "license-overage"; readonly after: number; readonly limit: number }
  | { readonly code: "license-fallback"; readonly role: RoleId; readonly instead: RoleId }
  | { readonly code: "groups-left-out" }
  | { readonly code: "address-changed"; readonly former: FormerUser };

/** The part of a receipt that the decision determines. */
export interface ReceiptDraft {
  readonly settingsVersion: number;
  /** The rules that matched, in order; absent if none did. */
  readonly rules?: readonly MatchedRule[];
  /** Absent if no seats were counted. */
  readonly seatsBefore?: number;
  /** Absent as `seatsBefore` is. */
  readonly seatsAfter?: number;
  /** An earlier user with the same persistent NameID; absent if there is none. */
  readonly formerUser?: UserId;
}

/** Why an authenticated user is not signed in. */
export type DenyReason =
  | "sso-disabled"
  | "email-missing"
  | "email-invalid"
  | "email-ambiguous"
  | "domain-not-allowed"
  | "domain-of-other-connection"
  | "domain-not-verified"
  | "user-suspended"
  | "user-deleted"
  | "jit-disabled"
  | "refused-by-rule"
  | "no-rule-matched"
  | "address-changed"
  | "defaults-invalid"
  | "license-exhausted";

/**
 * Whether a denial means that the settings do not work, for the result of a test sign-in. The other
 * reasons concern one user, the licenses, or turned-off auto-provisioning, which correct settings
 * can also cause.
 */
export const SETTINGS_AT_FAULT: Readonly<Record<DenyReason, boolean>> = {
  "sso-disabled": true,
  "email-missing": true,
  "email-invalid": true,
  "email-ambiguous": true,
  "domain-not-allowed": true,
  "domain-of-other-connection": true,
  "domain-not-verified": true,
  "defaults-invalid": true,
  "user-suspended": false,
  "user-deleted": false,
  "jit-disabled": false,
  "refused-by-rule": false,
  "no-rule-matched": false,
  "address-changed": false,
  "license-exhausted": false,
};

/** The sign-in is denied; nothing changes. */
export interface Denial {
  readonly kind: "deny";
  readonly reason: DenyReason;
  /** Cause, where the reason has several. */
  readonly cause?: DenialCause;
  /** Reason for administrators. */
  readonly detail: string;
  /** The rule that refused. */
  readonly rule?: MatchedRule;
  /** What was received and expected, where that helps: names, never values. */
  readonly comparison?: Comparison;
}

/** Reasons that mean different things to do, with every cause of each. */
export interface DenialCauses {
  /** Where an address was found instead, if anywhere. */
  "email-missing": "in-name-id" | "in-attribute" | "nothing-sent" | "not-sent";
}

/** Why a sign-in was denied, more precisely than the reason says. */
export type DenialCause = DenialCauses[keyof DenialCauses];

/** A user is created. */
export interface Provision {
  readonly kind: "provision";
  readonly user: NewUser;
  readonly receipt: ReceiptDraft;
  readonly warnings: readonly ProvisionWarning[];
}

/** The decision about a sign-in. */
export type SignInDecision =
  | { readonly kind: "sign-in"; readonly userId: UserId }
  /** The user keeps the role and grants of the invitation. */
  | { readonly kind: "accept-invitation"; readonly userId: UserId }
  | Provision
  | Denial;

/** An admitted identity, which may be looked up. */
export interface Admission {
  readonly kind: "admitted";
  readonly email: EmailAddress;
  /** What the user gets if they are unknown, or why not; means nothing for an existing user. */
  readonly newUser: Entitlement | Denial;
}

/** What a new user gets if the host has it and the licenses suffice. */
export interface Entitlement {
  readonly kind: "entitled";
  /** The defaults, refined by the rules. */
  readonly defaults: AutoProvisioning;
  /** The rules that matched, in order. */
  readonly rules: readonly MatchedRule[];
  readonly warnings: readonly ProvisionWarning[];
}

/** Input of the sign-in policy. */
export interface SignInFacts {
  readonly identity: EmailIdentity;
  readonly asserted: Asserted;
  readonly settings: VersionedSettings;
  /** Email domains that are proven to be the tenant's; `undefined` if none need a proof. */
  readonly verifiedDomains?: ReadonlySet<string> | undefined;
  readonly lookup: UserLookup;
}

/**
 * The sign-in policy: who is signed in, who is created with which access, who is denied and why.
 * Total and deterministic; sign-ins, previews and test sign-ins all use it.
 */
export function decideSignIn(facts: SignInFacts): SignInDecision {
  const { identity, asserted, settings, verifiedDomains, lookup } = facts;
  const admission = admitIdentity(identity, asserted, settings, verifiedDomains);
  return admission.kind === "deny" ? admission : decideFor(admission, settings, lookup);
}

/**
 * Checks whether the identity may be looked up: a connection speaks only for its own domains, of
 * known users, too. Applies the rules, for the case that the user is unknown.
 */
export function admitIdentity(
  identity: EmailIdentity,
  asserted: Asserted,
  { settings }: VersionedSettings,
  verifiedDomains?: ReadonlySet<string> | undefined,
): Admission | Denial {
  if (!settings.enabled || !asserted.connection.enabled)
    return denial("sso-disabled", "single sign-on is turned off");
  switch (identity.kind) {
    case "missing":
      return withoutEmail(identity);
    case "invalid":
      return denial(
        "email-invalid",
        `${identity.from} is not a valid email address: ${identity.fault}`,
      );
    case "ambiguous":
      return denial("email-ambiguous", `more than one address in ${identity.from.join(", ")}`);
    case "email":
      return verifiedDomains === undefined || verifiedDomains.has(domainOf(identity.address))
        ? admitAddress(identity.address, asserted, settings)
        : denial(
            "domain-not-verified",
            `nobody has proven that ${domainOf(identity.address)} is this customer's`,
          );
  }
}

function admitAddress(
  email: EmailAddress,
  asserted: Asserted,
  settings: Settings,
): Admission | Denial {
  const { connection } = asserted;
  const domain = domainOf(email);
  const claim = domainClaim(settings, connection, domain);
  switch (claim.kind) {
    case "speaks":
      return {
        kind: "admitted",
        email,
        newUser: entitlement(settings.autoProvisioning, email, asserted),
      };
    case "other":
      return denial(
        "domain-of-other-connection",
        `${domain} belongs to the connection ${claim.connection.id}, not to ${connection.id}`,
      );
    case "none":
      return denial("domain-not-allowed", `${domain} is not an allowed email domain`);
  }
}

function entitlement(
  defaults: AutoProvisioning,
  email: EmailAddress,
  asserted: Asserted,
): Entitlement | Denial {
  if (!defaults.enabled) return denial("jit-disabled", "auto-provisioning is turned off");
  const rules = matchingRules(defaults.rules, email, asserted);
  const refusing = refusingRule(rules);
  if (refusing !== undefined) {
    return { ...denial("refused-by-rule", `${ruleText(refusing)} refuses`), rule: refusing };
  }
  const leftOut = groupsLeftOut(asserted.attributes);
  if (rules.length === 0 && defaults.whenNoRuleMatches === "refuse") {
    const why = leftOut ? `, and ${GROUPS_LEFT_OUT}` : "";
    return denial("no-rule-matched", `no rule for new users matches${why}`);
  }
  return {
    kind: "entitled",
    defaults: withRules(defaults, rules),
    rules,
    warnings: leftOut ? [{ code: "groups-left-out" }] : [],
  };
}

/** For administrators, of a user with too many groups. */
export const GROUPS_LEFT_OUT =
  "the identity provider left out the user's groups because there are too many, so no rule gave anything for them";

/** Such as `rule 2 (groups = managers)`, for administrators. */
export function ruleText({ number, matched }: Pick<MatchedRule, "number" | "matched">): string {
  return `rule ${number} (${matchText(matched)})`;
}

function matchText(matched: RuleMatch): string {
  if ("attribute" in matched) return `${matched.attribute} = ${matched.value}`;
  return "emailDomain" in matched
    ? `email domain ${matched.emailDomain}`
    : `connection ${matched.connection}`;
}

/** Names what was received instead, and where an address was, if anywhere. */
function withoutEmail({ looked, received }: Extract<EmailIdentity, { kind: "missing" }>): Denial {
  const places = looked.join(", ");
  if (received === undefined) return denial("email-missing", `no email address in ${places}`);
  const { addressIn } = received;
  const elsewhere =
    addressIn === undefined
      ? ""
      : `; there is one in ${addressIn.kind === "name-id" ? "the NameID" : addressIn.name}`;
  return {
    ...denial("email-missing", `no email address in ${places}${elsewhere}`),
    cause: causeOf(received),
    comparison: { sent: receivedText(received), expected: `an email address in ${places}` },
  };
}

function causeOf({ addressIn, attributes }: ReceivedNames): DenialCause {
  if (addressIn !== undefined) return addressIn.kind === "name-id" ? "in-name-id" : "in-attribute";
  return attributes.count === 0 ? "nothing-sent" : "not-sent";
}

function receivedText({ nameIdFormat, attributes: { count, first } }: ReceivedNames): string {
  const nameId = nameIdFormat === undefined ? "no NameID" : `NameID in the format ${nameIdFormat}`;
  if (count === 0) return `${nameId}, no attributes`;
  const more = count - first.length;
  return `${nameId}; attributes ${first.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The decision for an admitted identity. */
export function decideFor(
  admission: Admission,
  settings: VersionedSettings,
  lookup: UserLookup,
): SignInDecision {
  return lookup.kind === "known"
    ? decideForKnown(lookup.user)
    : decideForUnknown(admission, settings, lookup);
}

function decideForKnown(user: KnownUser): SignInDecision {
  switch (user.state) {
    case "active":
      return { kind: "sign-in", userId: user.id };
    case "invited":
      return { kind: "accept-invitation", userId: user.id };
    case "suspended":
      return denial("user-suspended", `user ${user.id} is suspended`);
    case "deleted":
      return denial("user-deleted", `user ${user.id} was deleted`);
  }
}

/** The decision for an admitted identity whom the host does not know. */
export function decideForUnknown(
  { email, newUser }: Admission,
  { version: settingsVersion }: VersionedSettings,
  { catalog, licenses, former }: Extract<UserLookup, { kind: "unknown" }>,
): Provision | Denial {
  if (newUser.kind === "deny") return newUser;
  const { defaults, rules, warnings } = newUser;
  if (former !== undefined && defaults.whenAddressChanged === "refuse") {
    return denial("address-changed", `${formerText(former)} has the same persistent NameID`);
  }
  const from = roleRule(rules);
  const called = from === undefined ? "the default role" : `the role of rule ${from.number},`;
  const role = usableRole(defaults.role, called, defaults, catalog);
  if ("reason" in role) return role;
  const chosen = roleWithinLicense(role, defaults, catalog, licenses);
  if ("reason" in chosen) return chosen;
  const access = existingAccess(defaults, catalog);
  if (catalog.organizationRequired && isEmpty(access.organizations)) {
    return denial("defaults-invalid", "the organizations for new users no longer exist");
  }
  if (exceedsOrganizationsOf(chosen.role, access.organizations)) {
    return denial(
      "defaults-invalid",
      `role ${chosen.role.id} can access at most ${chosen.role.maxOrganizations} organizations`,
    );
  }
  return {
    kind: "provision",
    user: {
      email,
      role: chosen.role.id,
      groups: access.groups,
      organizations: access.organizations,
    },
    receipt: {
      settingsVersion,
      ...(rules.length === 0 ? {} : { rules }),
      ...(former === undefined ? {} : { formerUser: former.id }),
      ...seatsOf(chosen),
    },
    warnings: [
      ...(former === undefined ? [] : [{ code: "address-changed", former } as const]),
      ...warnings,
      ...chosen.warnings,
      ...access.warnings,
    ],
  };
}

function usableRole(
  id: RoleId | undefined,
  called: string,
  { privilegedRoleConfirmed }: AutoProvisioning,
  { roles }: CatalogFacts,
): Role | Denial {
  const role = id === undefined ? undefined : roles.get(id);
  if (role === undefined) {
    return denial("defaults-invalid", `${called} ${id ?? "(none)"} does not exist`);
  }
  return role.privileged && !privilegedRoleConfirmed
    ? denial("defaults-invalid", `${called} ${role.id} is privileged and has not been confirmed`)
    : role;
}

interface ChosenRole {
  readonly role: Role;
  readonly seats?: SeatChange;
  readonly warnings: readonly ProvisionWarning[];
}

function roleWithinLicense(
  role: Role,
  defaults: AutoProvisioning,
  catalog: CatalogFacts,
  licenses: SeatsKnown,
): ChosenRole | Denial {
  if (licenses.used === undefined) return { role, warnings: [] };
  const seats = seatChange(licenses, role);
  const limit = licenses.limit ?? Number.POSITIVE_INFINITY;
  if (!seats.exceeds) return { role, seats, warnings: [] };
  const full = `${licenses.used} of ${limit} licenses are in use`;
  const policy = defaults.whenLicensesRunOut;
  switch (policy.kind) {
    case "deny":
      return denial("license-exhausted", full);
    case "allow":
      return { role, seats, warnings: [{ code: "license-overage", after: seats.after, limit }] };
    case "lite": {
      const lite = usableRole(policy.role, "the role without a license,", defaults, catalog);
      if ("reason" in lite) return lite;
      return lite.licensed
        ? denial("license-exhausted", `${full}, and role ${lite.id} uses a license too`)
        : {
            role: lite,
            seats: seatChange(licenses, lite),
            warnings: [{ code: "license-fallback", role: lite.id, instead: role.id }],
          };
    }
  }
}

function seatsOf({ seats }: ChosenRole): Pick<ReceiptDraft, "seatsBefore" | "seatsAfter"> {
  return seats === undefined ? {} : { seatsBefore: seats.before, seatsAfter: seats.after };
}

interface ExistingAccess {
  readonly groups: readonly GroupId[];
  readonly organizations: OrganizationAccess;
  readonly warnings: readonly ProvisionWarning[];
}

function existingAccess(defaults: AutoProvisioning, catalog: CatalogFacts): ExistingAccess {
  const groups = [...new Set(defaults.groups)];
  const groupsGone = groups.filter((id) => !catalog.groups.has(id));
  const kept = groups.filter((id) => catalog.groups.has(id));
  const gone = groupsGone.map((id) => ({ code: "group-gone", id }) as const);
  if (defaults.organizations.kind === "all") {
    return { groups: kept, organizations: { kind: "all" }, warnings: gone };
  }
  const ids = [...new Set(defaults.organizations.ids)];
  const organizationsGone = ids.filter((id) => !catalog.organizations.has(id));
  return {
    groups: kept,
    organizations: { kind: "selected", ids: ids.filter((id) => catalog.organizations.has(id)) },
    warnings: [
      ...gone,
      ...organizationsGone.map((id) => ({ code: "organization-gone", id }) as const),
    ],
  };
}

function isEmpty(access: OrganizationAccess): boolean {
  return access.kind === "selected" && access.ids.length === 0;
}

function denial(reason: DenyReason, detail: string): Denial {
  return { kind: "deny", reason, detail };
}
