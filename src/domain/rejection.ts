/** Why a SAML message was rejected, before the user's identity was read. */
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
  | "authn-too-old"
  | "authn-context-mismatch"
  | "attribute-invalid"
  // the second reading
  | "second-reading-failed"
  | "readings-disagree"
  // state
  | "no-connection"
  | "connection-changed"
  | "request-consumed"
  | "logout-failed"
  | "replayed";

/**
 * Codes that mean different things to do, with every cause of each: the advice belongs to the pair.
 */
export interface RejectionCauses {
  /** What the octets are instead. */
  "message-not-utf8": "byte-order-mark" | "encoding";
  /** What is wrong with the elements. */
  "structure-invalid":
    | "other-message"
    | "assertion-missing"
    | "several"
    | "misplaced"
    | "malformed";
  /** What is wrong with an ID. */
  "id-invalid": "characters" | "duplicate" | "place";
  /** Whose certificate the message names, compared with the connection's. */
  "signature-invalid": "other-certificate" | "no-certificate" | "altered";
  /** What the algorithm is for. */
  "algorithm-not-allowed":
    | "signature"
    | "digest"
    | "canonicalization"
    | "data-encryption"
    | "key-transport";
  /** `unsigned`: nothing outside the encryption is signed, and nothing else may be told. */
  "decryption-failed": "other-key" | "other-certificate" | "unsigned";
  /** What the identity provider says. */
  "status-not-success":
    | "user-refused"
    | "request-refused"
    | "context-unavailable"
    | "not-passively"
    | "name-id-unavailable"
    | "logout-incomplete"
    | "other";
  /** What differs. */
  "issuer-mismatch": "entity-id" | "format";
  /** Why the browser has no such request. */
  "request-unknown": "no-cookie" | "waited" | "other-request";
}

/** Why a message was rejected, more precisely than its code says. */
export type RejectionCause = RejectionCauses[keyof RejectionCauses];

/** The values that a check compared, for administrators. */
export interface Comparison {
  /** Received value: bounded, control characters escaped. No XML, key or attribute value. */
  readonly sent: string;
  /** Expected value. */
  readonly expected: string;
  /**
   * For failed time checks: IssueInstant of the assertion minus our time, in milliseconds. Positive
   * if the identity provider's clock is ahead of ours; negative if it is behind or the message was
   * delayed.
   */
  readonly clockDifferenceMs?: number;
}

/** A rejected SAML message: a value, not an exception. */
export interface Rejection {
  /** Distinguishes it from verified messages. */
  readonly kind: "rejected";
  /** Code of the failed check. */
  readonly code: RejectionCode;
  /** Cause, where the code has several ({@link RejectionCauses}). */
  readonly cause?: RejectionCause;
  /** Reason for administrators. No XML, key or attribute value. */
  readonly detail: string;
  /** Whether a valid signature of the identity provider covers the rejected content. */
  readonly authenticated: boolean;
  /** The compared values, if the check compares two. */
  readonly comparison?: Comparison;
}
