import type { NamedAccess, Role, UserId } from "./access.ts";
import type { EmailAddress } from "./email-address.ts";
import type { DenyReason, ProvisionWarning } from "./sign-in-decision.ts";

/** The beginning of a list, and how long the list is: an account may have 100,000 organizations. */
export interface Excerpt<T> {
  /** How long the list is. */
  readonly count: number;
  /** In the list's order. */
  readonly first: readonly T[];
}

/** What would happen if somebody came in from the identity provider now. */
export type Preview =
  | {
      /** A user whom the host has gets in. */
      readonly decision: "sign-in" | "accept-invitation";
      /** What decided: the user's state. */
      readonly rule: "active-user" | "invited-user";
      /** In its normal form. */
      readonly email: EmailAddress;
      /** Whose it is. */
      readonly userId: UserId;
    }
  | {
      /** A user is created. */
      readonly decision: "provision";
      /** What decided: the defaults alone, or what is to happen when licenses run out. */
      readonly rule: "defaults" | "license-overage" | "license-fallback";
      /** In its normal form. */
      readonly email: EmailAddress;
      /** The role that they get. */
      readonly role: Pick<Role, "id" | "name" | "licensed">;
      /** The groups that they join. */
      readonly groups: Excerpt<NamedAccess>;
      /** The organizations that they may access. */
      readonly organizations: PreviewedOrganizations;
      /** What it does to the licenses; absent where no seat had to be counted. */
      readonly seats?: Seats;
      /** What an administrator should know of it. */
      readonly warnings: Excerpt<PreviewWarning>;
    }
  | {
      /** Nobody gets in. */
      readonly decision: "deny";
      /** What decided. */
      readonly rule: DenyReason;
      /** What the person would be told. */
      readonly sentence: string;
      /** What exactly is in the way. */
      readonly detail: string;
      /** Absent for somebody who would need no new seat. */
      readonly seats?: Seats;
    };

/** Access to organizations, with the names of the first. */
export type PreviewedOrganizations =
  | { readonly kind: "all" }
  | ({ readonly kind: "selected" } & Excerpt<NamedAccess>);

/** Something that an administrator should know of a provisioning that would go ahead. */
export interface PreviewWarning {
  /** Stable, for programs. */
  readonly code: ProvisionWarning["code"];
  /** A sentence for the administrator. */
  readonly text: string;
}

/** Licenses in use, before and after. */
export interface Seats {
  /** Taken now. */
  readonly before: number;
  /** Taken after this person. */
  readonly after: number;
  /** The most seats; no limit when absent. */
  readonly limit?: number;
}
