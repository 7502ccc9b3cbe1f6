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
import { DENY_REASONS, REJECTION_CODES } from "./support/codes.ts";

const SENTENCE = /^[A-Z][^.!?\n]*\.$/;
const CHECKS =
  /xml|saml|assert|signature|signed|certificate|algorithm|encrypt|decrypt|audience|issuer|recipient|destination|condition|replay|confirmation|stack|error/i;

describe("what a person is told", () => {
  for (const reason of DENY_REASONS) {
    it(`of the denial ${reason} is one sentence without a check's name`, () => {
      expect(DENIAL_SENTENCE[reason]).to.match(SENTENCE).and.not.to.match(CHECKS);
      expect(DENIAL_SENTENCE[reason]).not.to.include(reason);
    });
  }

  it("of a denial is another sentence for each reason", () => {
    const sentences = Object.values(DENIAL_SENTENCE);
    expect(new Set(sentences).size).to.equal(DENY_REASONS.length);
  });

  for (const code of REJECTION_CODES) {
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
    for (const code of REJECTION_CODES) {
      const sentence = logoutSentence(code);
      expect(sentence)
        .to.match(/sign-out|signed out/)
        .and.not.contain(code);
      expect(sentence).not.to.contain("sign-in");
      expect(logoutAdvice(code)).not.to.equal(TRY_AGAIN);
    }
  });
});
