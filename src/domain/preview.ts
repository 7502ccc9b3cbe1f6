import type { NamedAccess, Role, UserId } from "./access.ts";
import type { EmailAddress } from "./email-address.ts";
import type { RuleMatch } from "./provisioning-rules.ts";
import type { Comparison } from "./rejection.ts";
import type { DenialCause, DenyReason, ProvisionWarning } from "./sign-in-decision.ts";
import type { Explanation } from "./texts/administrator-explanations.ts";

/** The first entries of a list that may be long, and its length. */
export interface Excerpt<T> {
  /** Length of the whole list. */
  readonly count: number;
  /** The first entries, in order. */
  readonly first: readonly T[];
}

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
      /**
       * What decided the role: the defaults, a rule for new users, or the policy for exhausted
       * licenses.
       */
      readonly rule: "defaults" | "rule" | "license-overage" | "license-fallback";
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
