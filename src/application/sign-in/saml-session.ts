import type { NameId } from "../../domain/email-identity.ts";

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
