import { expect } from "chai";
import { describe, it } from "mocha";
import {
  type CertificateFacts,
  certificateFault,
  certificateWarnings,
} from "../../src/domain/certificate-rules.ts";
import { DAY_MS, NOW } from "./support/examples.ts";

const GOOD: CertificateFacts = {
  subject: "CN=idp",
  fingerprint: "AA",
  notBefore: NOW - DAY_MS,
  notAfter: NOW + 365 * DAY_MS,
  keyType: "rsa",
  keyBits: 2048,
};

describe("a certificate of a connection", () => {
  const { keyBits: _, ...withoutBits } = GOOD;
  const faults: readonly [string, CertificateFacts | undefined, string, RegExp][] = [
    ["is not X.509", undefined, "certificate-invalid", /^This is not an X\.509 certificate\. /],
    [
      "has a key of another kind",
      { ...GOOD, keyType: "other" },
      "key-unsupported",
      /^Only RSA and/,
    ],
    ["has a short key", { ...GOOD, keyBits: 2047 }, "key-too-short", /at least 2048 bits\.$/],
    ["has a key of unknown length", withoutBits, "key-too-short", /bits/],
  ];
  for (const [title, facts, code, message] of faults) {
    it(`that ${title} cannot be used`, () => {
      const fault = certificateFault(facts);
      expect(fault?.code).to.equal(code);
      expect(fault?.message).to.match(message);
    });
  }

  it("can be used with 2048 bits, or with an EC key of any length", () => {
    expect(certificateFault(GOOD)).to.equal(undefined);
    expect(certificateFault({ ...withoutBits, keyType: "ec" })).to.equal(undefined);
  });

  const from = "This certificate is not valid before 2030-01-15T00:00:00.001Z.";
  const expires = (text: string) => `This certificate expires at ${text}.`;
  const warnings: readonly [string, Partial<CertificateFacts>, string?, string?][] = [
    ["begins in a moment", { notBefore: NOW + 1 }, "certificate-not-yet-valid", from],
    ["begins now", { notBefore: NOW }],
    ["ends in thirty days", { notAfter: NOW + 30 * DAY_MS }],
    [
      "ends a moment before",
      { notAfter: NOW + 30 * DAY_MS - 1 },
      "certificate-expiring",
      expires("2030-02-13T23:59:59.999Z"),
    ],
    ["ends now", { notAfter: NOW }, "certificate-expiring", expires("2030-01-15T00:00:00.000Z")],
    [
      "ended a moment ago",
      { notAfter: NOW - 1 },
      "certificate-expired",
      "This certificate expired at 2030-01-14T23:59:59.999Z.",
    ],
  ];
  for (const [title, changes, code, message] of warnings) {
    it(`that ${title} ${code === undefined ? "gives no warning" : "gives a warning"}`, () => {
      const expected = code === undefined ? [] : [{ code, message }];
      expect(certificateWarnings({ ...GOOD, ...changes }, NOW)).to.deep.equal(expected);
    });
  }
});
