import type { NamedAccess, Role, UserId } from "./access.ts";
import type { EmailAddress } from "./email-address.ts";
import { type RuleMatch, roleRule } from "./provisioning-rules.ts";
import type { Comparison } from "./rejection.ts";
import {
  type Connection,
  type ConnectionId,
  connectionOfDomain,
  NEW_CONNECTION,
  type Settings,
} from "./settings.ts";
import type { DenialCause, DenyReason, Provision, ProvisionWarning } from "./sign-in-decision.ts";
import type { Explanation } from "./texts/administrator-explanations.ts";

/** The first entries of a list that may be long, and its length. */
export interface Excerpt<T> {
  /** Length of the whole list. */
  readonly count: number;
  /** The first entries, in order. */
  readonly first: readonly T[];
}

/**
 * What decides the role of a new user: the defaults, a rule for new users, or the policy for exhausted
 * licenses.
 */
export type ProvisionedBy = "defaults" | "rule" | "license-overage" | "license-fallback";

/** The result that a sign-in would have now. */
export type Preview =
  | {
      /** An existing user would sign in or accept an invitation. */
      readonly decision: "sign-in" | "accept-invitation";
      /** The rule that decided: the user's state. */
      readonly rule: "active-user" | "invited-user";
      /** The normalized address. */
      readonly email: EmailAddress;
      /** ID of the user. */
      readonly userId: UserId;
    }
  | {
      /** A user would be created. */
      readonly decision: "provision";
      /** What decided the role. */
      readonly rule: ProvisionedBy;
      /** The rules for new users that matched, in order. */
      readonly rules: Excerpt<PreviewedRule>;
      /** The normalized address. */
      readonly email: EmailAddress;
      /** Role of the new user. */
      readonly role: Pick<Role, "id" | "name" | "licensed">;
      /** Groups of the new user. */
      readonly groups: Excerpt<NamedAccess>;
      /** Organizations of the new user. */
      readonly organizations: PreviewedOrganizations;
      /** Effect on the licenses; absent if no seats had to be counted. */
      readonly seats?: Seats;
      /** Warnings for administrators. */
      readonly warnings: Excerpt<PreviewWarning>;
    }
  | {
      /** The sign-in would be denied. */
      readonly decision: "deny";
      /** The rule that decided. */
      readonly rule: DenyReason;
      /** The rule for new users that refused; absent if none did. */
      readonly refusedBy?: PreviewedRule;
      /** Cause, where the rule has several. */
      readonly cause?: DenialCause;
      /** What failed and what to do. */
      readonly explanation: Explanation;
      /** Message that the user would see. */
      readonly sentence: string;
      /** Reason for administrators. */
      readonly detail: string;
      /** What was received and expected, where that helps. */
      readonly comparison?: Comparison;
      /** Absent if the user would not need a new seat. */
      readonly seats?: Seats;
    };

/** A rule for new users that matched. */
export interface PreviewedRule {
  /** Position in the list of rules, from 1. */
  readonly number: number;
  /** What it found. */
  readonly matched: RuleMatch;
  /** What it decided; absent if it only added groups or organizations. */
  readonly decides?: "role" | "refusal";
}

/** Access to organizations, with the names of the first ones. */
export type PreviewedOrganizations =
  | { readonly kind: "all" }
  | ({ readonly kind: "selected" } & Excerpt<NamedAccess>);

/** A warning about a user who would be created. */
export interface PreviewWarning {
  /** Stable code. */
  readonly code: ProvisionWarning["code"];
  /** Message for administrators. */
  readonly text: string;
  /** What the message names, for other languages; absent if it names nothing. */
  readonly values?: Readonly<Record<string, string | number>>;
}

/** Seats before and after a sign-in. */
export interface Seats {
  /** Seats taken before. */
  readonly before: number;
  /** Seats taken after. */
  readonly after: number;
  /** Maximum number of seats; absent without a limit. */
  readonly limit?: number;
}

/** What decided the role of a new user. */
export function provisionedBy({
  receipt,
  warnings,
}: Pick<Provision, "receipt" | "warnings">): ProvisionedBy {
  for (const { code } of warnings) {
    if (code === "license-overage" || code === "license-fallback") return code;
  }
  return roleRule(receipt.rules ?? []) === undefined ? "defaults" : "rule";
}

/**
 * The connection that users of `domain` would sign in through, unless another one is `wanted`. If no
 * connection has the domain, or none is given, one that is enabled; if there are no connections, a new
 * one.
 */
export function connectionFor(
  settings: Settings,
  domain: string | undefined,
  wanted: ConnectionId | undefined,
): Connection {
  const chosen = settings.connections.find(({ id }) => id === wanted);
  if (chosen !== undefined) return chosen;
  const enabled = settings.connections.filter((connection) => connection.enabled);
  const [first = NEW_CONNECTION] = [...enabled, ...settings.connections];
  if (domain === undefined) return first;
  return connectionOfDomain(enabled, domain) ?? first;
}
