import type { UserId } from "../domain/access.ts";
import type { EmailAddress } from "../domain/email-address.ts";
import type { SamlSession } from "./saml-session.ts";

/** How somebody got in. */
export type HowSignedIn = "signed-in" | "provisioned" | "invitation-accepted";

/** Somebody got in; it is for the host to begin their session. */
export interface SignedIn {
  readonly kind: "signed-in";
  /** Of the audit entry. */
  readonly reference: string;
  readonly user: { readonly id: UserId; readonly email: EmailAddress };
  readonly how: HowSignedIn;
  readonly session: SamlSession;
  /** Where they wanted to go when they began here. */
  readonly returnTo?: string;
  /** The pending request that was answered; absent when the identity provider began. */
  readonly consumedRequestId?: string;
}
