import type { NamedAccess, OrganizationAccess, Role, UserId } from "../domain/access.ts";
import { type EmailAddress, parseEmailAddress } from "../domain/email-address.ts";
import type { EmailIdentity } from "../domain/email-identity.ts";
import { DENIAL_SENTENCE } from "../domain/explanations.ts";
import { UNSAVED_SETTINGS } from "../domain/settings.ts";
import {
  admitIdentity,
  type Denial,
  type DenyReason,
  decideSignIn,
  type Person,
  type Provision,
  type ProvisionWarning,
} from "../domain/sign-in-decision.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { AccessCatalog } from "../ports/access-catalog.ts";
import type { SettingsStore } from "../ports/settings-store.ts";
import type { UserDirectory } from "../ports/user-directory.ts";
import type { GatherPersonFacts } from "./gather-person-facts.ts";
import { warningText } from "./sign-in-records.ts";

/** What {@link makePreviewDecision} needs. */
export interface PreviewDecisionDeps {
  readonly settings: SettingsStore;
  readonly users: UserDirectory;
  readonly catalog: AccessCatalog;
  readonly personFacts: GatherPersonFacts;
}

/** What would happen if somebody with this address came in from the identity provider now. */
export type Preview =
  | {
      readonly decision: "sign-in" | "accept-invitation";
      /** What decided: the user's state. */
      readonly rule: "active-user" | "invited-user";
      readonly email: EmailAddress;
      readonly userId: UserId;
    }
  | {
      readonly decision: "provision";
      /** What decided: the defaults alone, or what is to happen when licenses run out. */
      readonly rule: "defaults" | "license-overage" | "license-fallback";
      readonly email: EmailAddress;
      readonly role: Pick<Role, "id" | "name" | "licensed">;
      readonly groups: readonly NamedAccess[];
      readonly organizations: OrganizationAccess;
      readonly seats: Seats;
      readonly warnings: readonly {
        readonly code: ProvisionWarning["code"];
        readonly text: string;
      }[];
    }
  | {
      readonly decision: "deny";
      readonly rule: DenyReason;
      /** What the person would be told. */
      readonly sentence: string;
      /** What exactly is in the way. */
      readonly detail: string;
      /** Absent for somebody who would need no new seat. */
      readonly seats?: Seats;
    };

/** Licenses in use, before and after. */
export interface Seats {
  /** Taken now. */
  readonly before: number;
  /** Taken after this person. */
  readonly after: number;
  /** The most seats; no limit when absent. */
  readonly limit?: number;
}

/** Tells what would happen to an address, by the policy that decides sign-ins; changes nothing. */
export type PreviewDecision = (query: {
  readonly tenant: TenantId;
  readonly email: string;
}) => Promise<Preview>;

/** Makes {@link PreviewDecision}. */
export function makePreviewDecision(deps: PreviewDecisionDeps): PreviewDecision {
  const { settings: store, users, catalog, personFacts } = deps;

  async function provisioned(
    tenant: TenantId,
    { user, receipt, warnings }: Provision,
    person: Person,
  ): Promise<Preview> {
    const role = person.kind === "unknown" ? person.catalog.roles.get(user.role) : undefined;
    return {
      decision: "provision",
      rule: provisionRule(warnings),
      email: user.email,
      role: {
        id: user.role,
        name: role?.name ?? user.role,
        licensed: role?.licensed ?? true,
      },
      groups: user.groups.length === 0 ? [] : await catalog.groupsByIds(tenant, user.groups),
      organizations: user.organizations,
      seats: seats(person, receipt.seatsBefore, receipt.seatsAfter),
      warnings: warnings.map((warning) => ({ code: warning.code, text: warningText(warning) })),
    };
  }

  return async ({ tenant, email }) => {
    const settings = (await store.load(tenant)) ?? UNSAVED_SETTINGS;
    const identity = identityOf(email);
    const admission = admitIdentity(identity, settings);
    if (admission.kind === "deny") return denied(admission);
    const defaults = settings.settings.autoProvisioning;
    const host = await personFacts.fromHost(tenant, defaults);
    const query = { users, tenant, email: admission.email, defaults, host, inTransaction: false };
    const person = await personFacts.person(query);
    if (person === undefined) throw new Error("the host was asked, so there is a person");
    const decision = decideSignIn({ identity, settings, person });
    switch (decision.kind) {
      case "deny":
        return denied(decision, person);
      case "provision":
        return provisioned(tenant, decision, person);
      default:
        return {
          decision: decision.kind,
          rule: decision.kind === "sign-in" ? "active-user" : "invited-user",
          email: admission.email,
          userId: decision.userId,
        };
    }
  };
}

function denied({ reason, detail }: Denial, person?: Person): Preview {
  const counted = person?.kind === "unknown" ? person : undefined;
  return {
    decision: "deny",
    rule: reason,
    sentence: DENIAL_SENTENCE[reason],
    detail,
    ...(counted === undefined
      ? {}
      : { seats: seats(counted, counted.licenses.used, counted.licenses.used) }),
  };
}

function seats(person: Person, before: number, after: number): Seats {
  const limit = person.kind === "unknown" ? person.licenses.limit : undefined;
  return { before, after, ...(limit === undefined ? {} : { limit }) };
}

function provisionRule(
  warnings: readonly ProvisionWarning[],
): "defaults" | "license-overage" | "license-fallback" {
  for (const { code } of warnings) {
    if (code === "license-overage" || code === "license-fallback") return code;
  }
  return "defaults";
}

function identityOf(email: string): EmailIdentity {
  const from = "the given address";
  if (email.trim() === "") return { kind: "missing", looked: [from] };
  const parsed = parseEmailAddress(email);
  return parsed.ok
    ? { kind: "email", address: parsed.address, from: [from] }
    : { kind: "invalid", from, fault: parsed.fault };
}
