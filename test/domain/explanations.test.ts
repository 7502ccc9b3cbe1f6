import { expect } from "chai";
import { describe, it } from "mocha";
import type { RejectionCode } from "../../src/domain/rejection.ts";
import {
  DENIAL_SENTENCE,
  isDenyReason,
  logoutMessage,
  rejectionMessage,
  USER_ADVICE,
  USER_SENTENCES,
} from "../../src/domain/texts/user-explanations.ts";
import { DENY_REASONS, REJECTION_CODES } from "./support/codes.ts";

const SENTENCE = /^[A-Z][^.!?\n]*\.$/;
const CHECKS =
  /xml|saml|assert|signature|signed|certificate|algorithm|encrypt|decrypt|audience|issuer|recipient|destination|condition|replay|confirmation|stack|error/i;

const ASK_ADMINISTRATOR = USER_ADVICE["ask-administrator"];
const TRY_AGAIN = USER_ADVICE["try-again"];
const rejectionSentence = (code: RejectionCode) => USER_SENTENCES[rejectionMessage(code).sentence];
const rejectionAdvice = (code: RejectionCode) => USER_ADVICE[rejectionMessage(code).advice];
const logoutSentence = (code: RejectionCode) => USER_SENTENCES[logoutMessage(code).sentence];
const logoutAdvice = (code: RejectionCode) => USER_ADVICE[logoutMessage(code).advice];

describe("the message for a user", () => {
  for (const reason of DENY_REASONS) {
    it(`for the denial ${reason} is one sentence that names no check`, () => {
      expect(DENIAL_SENTENCE[reason]).to.match(SENTENCE).and.not.to.match(CHECKS);
      expect(DENIAL_SENTENCE[reason]).not.to.include(reason);
    });
  }

  it("differs for each denial reason", () => {
    const sentences = Object.values(DENIAL_SENTENCE);
    expect(new Set(sentences).size).to.equal(DENY_REASONS.length);
  });

  for (const code of REJECTION_CODES) {
    it(`for the rejection ${code} is one sentence that names no check`, () => {
      expect(rejectionSentence(code)).to.match(SENTENCE).and.not.to.match(CHECKS);
      expect(rejectionAdvice(code)).to.be.oneOf([ASK_ADMINISTRATOR, TRY_AGAIN]);
    });
  }

  it("does not distinguish failures that an attacker could learn from", () => {
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

  it("is the same for every message that arrived at the wrong time", () => {
    const passing = [
      "request-unknown",
      "request-consumed",
      "replayed",
      "expired",
      "too-old",
      "session-expired",
      "connection-changed",
    ] as const;
    for (const code of passing) {
      expect(rejectionSentence(code)).to.equal("This sign-in is no longer valid.");
      expect(rejectionAdvice(code)).to.equal("Go back to the sign-in page and try again.");
      expect(logoutSentence(code)).to.equal("This sign-out is no longer valid.");
      expect(logoutAdvice(code)).to.equal(
        "Close your browser or sign out at your identity provider.",
      );
    }
  });

  it("is the same for every message that cannot be verified", () => {
    expect(rejectionSentence("signature-invalid")).to.equal("Your sign-in couldn't be verified.");
    expect(rejectionAdvice("signature-invalid")).to.equal(ASK_ADMINISTRATOR);
    expect(logoutSentence("signature-invalid")).to.equal("Your sign-out couldn't be verified.");
    expect(logoutAdvice("signature-invalid")).to.equal(ASK_ADMINISTRATOR);
    expect(ASK_ADMINISTRATOR).to.equal(
      "Ask an administrator for help and give them the reference.",
    );
  });

  it("names a refusal by the identity provider and a sign-in that began there", () => {
    expect(rejectionSentence("status-not-success")).to.equal(
      "Your identity provider did not sign you in.",
    );
    expect(rejectionAdvice("status-not-success")).to.equal(TRY_AGAIN);
    expect(rejectionSentence("unsolicited-refused")).to.equal(
      "Sign in from this site instead of from your identity provider.",
    );
    expect(rejectionAdvice("unsolicited-refused")).to.equal(TRY_AGAIN);
    expect(logoutSentence("status-not-success")).to.equal(
      "You are signed out here, but you may still be signed in at your identity provider.",
    );
    expect(logoutAdvice("status-not-success")).to.match(/^Close your browser/);
  });

  it("distinguishes denials from rejections", () => {
    for (const reason of DENY_REASONS) expect(isDenyReason(reason)).to.equal(true);
    for (const code of REJECTION_CODES) expect(isDenyReason(code)).to.equal(false);
  });

  it("advises to start again after a message that arrived at the wrong time", () => {
    for (const code of ["expired", "replayed", "request-unknown"] as const) {
      expect(rejectionAdvice(code)).to.equal(TRY_AGAIN);
    }
  });

  it("mentions the sign-out after a logout message, and never the check that failed", () => {
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
