import type { UserId } from "../../domain/access.ts";
import type { EmailAddress } from "../../domain/email-address.ts";
import type { SamlSession } from "./saml-session.ts";

/** Result of a successful sign-in. */
export type HowSignedIn = "signed-in" | "provisioned" | "invitation-accepted";

/** A successful sign-in. */
export interface SignedIn {
  readonly kind: "signed-in";
  /** Reference of the audit entry. */
  readonly reference: string;
  readonly user: { readonly id: UserId; readonly email: EmailAddress };
  readonly how: HowSignedIn;
  readonly session: SamlSession;
  /** Requested return path; absent if the sign-in started at the identity provider. */
  readonly returnTo?: string;
  /** ID of the answered request; absent if the sign-in started at the identity provider. */
  readonly consumedRequestId?: string;
}
