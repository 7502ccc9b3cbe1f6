import type { NameId } from "../domain/email-identity.ts";

/**
 * What single logout needs to know of a session later. Plain JSON: the host keeps it with its own
 * session and hands it back.
 */
export interface SamlSession {
  /** Entity ID of the identity provider. */
  readonly issuer: string;
  readonly nameId: NameId;
  readonly sessionIndex?: string;
  /** When the IdP wants the session to end, in milliseconds since the epoch. */
  readonly sessionNotOnOrAfter?: number;
}
