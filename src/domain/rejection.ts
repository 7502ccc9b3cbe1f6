/** Why a SAML message is not taken, before anybody's identity is looked at. */
export type RejectionCode =
  // transport and gate
  | "message-missing"
  | "message-ambiguous"
  | "message-too-large"
  | "message-not-base64"
  | "message-not-deflate"
  | "message-not-utf8"
  | "xml-malformed"
  | "xml-forbidden"
  | "xml-too-complex"
  | "structure-invalid"
  | "id-invalid"
  // signatures and encryption
  | "signature-missing"
  | "signature-structure-invalid"
  | "signature-reference-invalid"
  | "algorithm-not-allowed"
  | "signature-invalid"
  | "certificate-expired"
  | "no-usable-certificate"
  | "encryption-structure-invalid"
  | "decryption-key-missing"
  | "decryption-failed"
  // checks on signed content
  | "version-unsupported"
  | "status-not-success"
  | "issuer-mismatch"
  | "destination-missing"
  | "destination-mismatch"
  | "unsolicited-refused"
  | "request-unknown"
  | "in-response-to-mismatch"
  | "subject-invalid"
  | "name-id-missing"
  | "name-id-encrypted"
  | "subject-confirmation-invalid"
  | "recipient-mismatch"
  | "conditions-missing"
  | "condition-unknown"
  | "audience-missing"
  | "audience-mismatch"
  | "time-invalid"
  | "not-yet-valid"
  | "expired"
  | "too-old"
  | "session-expired"
  | "authn-statement-missing"
  | "authn-statement-invalid"
  | "attribute-invalid"
  // the second reading
  | "second-reading-failed"
  | "readings-disagree"
  // state
  | "no-connection"
  | "connection-changed"
  | "request-consumed"
  | "replayed";

/** What a check held against what, for an administrator to compare. */
export interface Comparison {
  /** Of the message: bounded, control characters escaped. No XML, key or attribute value. */
  readonly sent: string;
  /** What would have been taken. */
  readonly expected: string;
  /**
   * Where a time failed: when the assertion says it was issued, less our time, in milliseconds.
   * Above zero the identity provider's clock is ahead of ours; below, it is behind, or the message
   * was long on its way.
   */
  readonly clockDifferenceMs?: number;
}

/** A message that is not taken: a value, not an exception. */
export interface Rejection {
  /** Tells it from what is taken. */
  readonly kind: "rejected";
  /** The check that failed. */
  readonly code: RejectionCode;
  /** For the administrator: what was sent and what was expected. No XML, key or attribute value. */
  readonly detail: string;
  /** Whether a valid signature of the identity provider covers what was rejected. */
  readonly authenticated: boolean;
  /** Where a check compared two things. */
  readonly comparison?: Comparison;
}
