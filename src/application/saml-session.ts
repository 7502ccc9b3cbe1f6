import type { NameId } from "../domain/email-identity.ts";

/**
 * What single logout needs to know of a session later. Plain JSON: the host keeps it with its own
 * session and hands it back.
 */
export interface SamlSession {
  /** Entity ID of the identity provider. */
  readonly issuer: string;
  /** Who it is, in the words of the identity provider. */
  readonly nameId: NameId;
  /** Which of their sessions; absent when the identity provider named none. */
  readonly sessionIndex?: string;
  /** SessionNotOnOrAfter, in milliseconds since the epoch. */
  readonly sessionNotOnOrAfter?: number;
}
