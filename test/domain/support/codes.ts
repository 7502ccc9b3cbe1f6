import type { RejectionCode } from "../../../src/domain/rejection.ts";
import type { DenyReason } from "../../../src/domain/sign-in-decision.ts";
import {
  causesOf,
  type Explanation,
  explanationOf,
} from "../../../src/domain/texts/administrator-explanations.ts";
import { DENIAL_SENTENCE } from "../../../src/domain/texts/user-explanations.ts";

/** Every code: the compiler refuses this file when one is missing. */
const ALL_REJECTION_CODES: Readonly<Record<RejectionCode, true>> = {
  "message-missing": true,
  "message-ambiguous": true,
  "message-too-large": true,
  "message-not-base64": true,
  "message-not-deflate": true,
  "message-not-utf8": true,
  "xml-malformed": true,
  "xml-forbidden": true,
  "xml-too-complex": true,
  "structure-invalid": true,
  "id-invalid": true,
  "signature-missing": true,
  "signature-structure-invalid": true,
  "signature-reference-invalid": true,
  "algorithm-not-allowed": true,
  "signature-invalid": true,
  "certificate-expired": true,
  "no-usable-certificate": true,
  "encryption-structure-invalid": true,
  "decryption-key-missing": true,
  "decryption-failed": true,
  "version-unsupported": true,
  "status-not-success": true,
  "issuer-mismatch": true,
  "destination-missing": true,
  "destination-mismatch": true,
  "unsolicited-refused": true,
  "request-unknown": true,
  "in-response-to-mismatch": true,
  "subject-invalid": true,
  "name-id-missing": true,
  "name-id-encrypted": true,
  "subject-confirmation-invalid": true,
  "recipient-mismatch": true,
  "conditions-missing": true,
  "condition-unknown": true,
  "audience-missing": true,
  "audience-mismatch": true,
  "time-invalid": true,
  "not-yet-valid": true,
  expired: true,
  "too-old": true,
  "session-expired": true,
  "authn-statement-missing": true,
  "authn-statement-invalid": true,
  "authn-too-old": true,
  "authn-context-mismatch": true,
  "attribute-invalid": true,
  "second-reading-failed": true,
  "readings-disagree": true,
  "no-connection": true,
  "connection-changed": true,
  "logout-failed": true,
  "request-consumed": true,
  replayed: true,
};

/** Why somebody may be denied: a sentence there is closed over the reasons, so its keys are all. */
export const DENY_REASONS: readonly DenyReason[] = keysOf(DENIAL_SENTENCE);
/** Why a message may be rejected. */
export const REJECTION_CODES: readonly RejectionCode[] = keysOf(ALL_REJECTION_CODES);

function keysOf<K extends string>(all: Readonly<Record<K, unknown>>): readonly K[] {
  // `Object.keys` forgets the keys' type; the record above is closed.
  return Object.keys(all) as K[];
}

/** A code, or one of its causes, and its explanation. */
export interface Explained {
  /** As entries show it: `code`, or `code: cause`. */
  readonly title: string;
  readonly code: DenyReason | RejectionCode;
  readonly cause?: string;
  readonly explanation: Explanation;
}

/** Every code, each before its causes. */
export function explainedCodes(): readonly Explained[] {
  return [...DENY_REASONS, ...REJECTION_CODES].flatMap((code) => {
    const explanation = explanationOf(code);
    if (explanation === undefined) throw new Error(`${code} has no explanation`);
    const causes = Object.entries(causesOf(code)).map(([cause, ofCause]) => ({
      title: `${code}: ${cause}`,
      code,
      cause,
      explanation: ofCause,
    }));
    return [{ title: code, code, explanation }, ...causes];
  });
}
