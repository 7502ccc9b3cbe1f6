import { expect } from "chai";
import { describe, it } from "mocha";
import {
  ASK_ADMINISTRATOR,
  DENIAL_SENTENCE,
  logoutAdvice,
  logoutSentence,
  rejectionAdvice,
  rejectionSentence,
  TRY_AGAIN,
} from "../../src/domain/explanations.ts";
import type { RejectionCode } from "../../src/domain/rejection.ts";
import type { DenyReason } from "../../src/domain/sign-in-decision.ts";

/** Every reason and every code: the compiler refuses this file when one is missing. */
const DENY_REASONS: Readonly<Record<DenyReason, true>> = {
  "sso-disabled": true,
  "email-missing": true,
  "email-invalid": true,
  "email-ambiguous": true,
  "domain-not-allowed": true,
  "user-suspended": true,
  "user-deleted": true,
  "jit-disabled": true,
  "defaults-invalid": true,
  "license-exhausted": true,
};
const REJECTION_CODES: Readonly<Record<RejectionCode, true>> = {
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
  "attribute-invalid": true,
  "second-reading-failed": true,
  "readings-disagree": true,
  "no-connection": true,
  "connection-changed": true,
  "request-consumed": true,
  replayed: true,
};

const SENTENCE = /^[A-Z][^.!?\n]*\.$/;
const CHECKS =
  /xml|saml|assert|signature|signed|certificate|algorithm|encrypt|decrypt|audience|issuer|recipient|destination|condition|replay|confirmation|stack|error/i;

function keysOf<K extends string>(all: Readonly<Record<K, true>>): readonly K[] {
  // `Object.keys` forgets the keys' type; the record above is closed.
  return Object.keys(all) as K[];
}

describe("what a person is told", () => {
  for (const reason of keysOf(DENY_REASONS)) {
    it(`of the denial ${reason} is one sentence without a check's name`, () => {
      expect(DENIAL_SENTENCE[reason]).to.match(SENTENCE).and.not.to.match(CHECKS);
      expect(DENIAL_SENTENCE[reason]).not.to.include(reason);
    });
  }

  it("of a denial is another sentence for each reason", () => {
    const sentences = Object.values(DENIAL_SENTENCE);
    expect(new Set(sentences).size).to.equal(keysOf(DENY_REASONS).length);
  });

  for (const code of keysOf(REJECTION_CODES)) {
    it(`of the rejection ${code} is one sentence without a check's name`, () => {
      expect(rejectionSentence(code)).to.match(SENTENCE).and.not.to.match(CHECKS);
      expect(rejectionAdvice(code)).to.be.oneOf([ASK_ADMINISTRATOR, TRY_AGAIN]);
    });
  }

  it("does not tell apart what an attacker could learn from", () => {
    const attacks: readonly RejectionCode[] = [
      "signature-missing",
      "signature-invalid",
      "algorithm-not-allowed",
      "encryption-structure-invalid",
      "decryption-failed",
      "decryption-key-missing",
      "xml-malformed",
      "issuer-mismatch",
      "audience-mismatch",
      "readings-disagree",
    ];
    expect(new Set(attacks.map((code) => rejectionSentence(code))).size).to.equal(1);
    expect(new Set(attacks.map((code) => rejectionAdvice(code))).size).to.equal(1);
  });

  it("is to start again when only the moment was wrong", () => {
    for (const code of ["expired", "replayed", "request-unknown"] as const) {
      expect(rejectionAdvice(code)).to.equal(TRY_AGAIN);
    }
  });

  it("tells somebody who signs out about a sign-out, and never which check failed", () => {
    for (const code of Object.keys(REJECTION_CODES) as RejectionCode[]) {
      const sentence = logoutSentence(code);
      expect(sentence)
        .to.match(/sign-out|signed out/)
        .and.not.contain(code);
      expect(sentence).not.to.contain("sign-in");
      expect(logoutAdvice(code)).not.to.equal(TRY_AGAIN);
    }
  });
});
