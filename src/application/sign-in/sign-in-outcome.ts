import type { UserId } from "../../domain/access.ts";
import type { Assertion } from "../../domain/assertion.ts";
import type { EmailAddress } from "../../domain/email-address.ts";
import type { NameId } from "../../domain/email-identity.ts";

/** Result of a successful sign-in. */
export type SignInOutcome = "signed-in" | "provisioned" | "invitation-accepted";

/** A successful sign-in. */
export interface SignedIn {
  readonly kind: "signed-in";
  /** Reference of the audit entry. */
  readonly reference: string;
  readonly user: { readonly id: UserId; readonly email: EmailAddress };
  readonly outcome: SignInOutcome;
  readonly session: SamlSession;
  readonly assertion: Assertion;
  /** Requested return path; absent if the sign-in started at the identity provider. */
  readonly returnTo?: string;
  /** ID of the answered request; absent if the sign-in started at the identity provider. */
  readonly consumedRequestId?: string;
}

/** Session data for single logout. Plain JSON, stored by the host with its own session. */
export interface SamlSession {
  /** Entity ID of the identity provider. */
  readonly issuer: string;
  /** NameID of the user. */
  readonly nameId: NameId;
  /** SessionIndex; absent if the identity provider sent none. */
  readonly sessionIndex?: string;
  /** SessionNotOnOrAfter, in milliseconds since the epoch. */
  readonly sessionNotOnOrAfter?: number;
}
