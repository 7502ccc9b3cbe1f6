import { expect } from "chai";
import { describe, it } from "mocha";
import {
  type CertificateFacts,
  certificateFault,
  certificateListWarnings,
  certificateTextFault,
  certificateWarnings,
  issuersIn,
  keepsValidityPeriod,
  separateCertificates,
} from "../../src/domain/certificate-rules.ts";
import { DAY_MS, NOW } from "./support/examples.ts";

const BASE = {
  subject: "CN=idp",
  issuer: "CN=idp",
  fingerprint: "AA",
  notBefore: NOW - DAY_MS,
  notAfter: NOW + 365 * DAY_MS,
};
const GOOD: CertificateFacts = { ...BASE, keyType: "rsa", keyBits: 2048, keyExponent: 65_537 };

describe("a certificate of a connection", () => {
  const { keyBits: _, ...withoutBits } = GOOD;
  const { keyExponent: __, ...withoutExponent } = GOOD;
  const EC: CertificateFacts = { ...BASE, keyType: "ec" };
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
    ["has the exponent 1", { ...GOOD, keyExponent: 1 }, "key-exponent-weak", /odd, and 65,537/],
    ["has the exponent 3", { ...GOOD, keyExponent: 3 }, "key-exponent-weak", /odd/],
    [
      "has an exponent just too small",
      { ...GOOD, keyExponent: 65_535 },
      "key-exponent-weak",
      /odd/,
    ],
    ["has an even exponent", { ...GOOD, keyExponent: 65_538 }, "key-exponent-weak", /odd/],
    ["has an exponent of no number", withoutExponent, "key-exponent-weak", /odd/],
    [
      "has a key on no known curve",
      { ...EC, curve: "secp256k1" },
      "curve-unsupported",
      /P-256, P-/,
    ],
    ["has a key on a curve without a name", EC, "curve-unsupported", /P-521\.$/],
  ];
  for (const [title, facts, code, message] of faults) {
    it(`that ${title} cannot be used`, () => {
      const fault = certificateFault(facts);
      expect(fault?.code).to.equal(code);
      expect(fault?.message).to.match(message);
    });
  }

  it("can be used with 2048 bits, or with a key on one of NIST's curves from P-256", () => {
    expect(certificateFault(GOOD)).to.equal(undefined);
    expect(certificateFault({ ...GOOD, keyExponent: 65_539 })).to.equal(undefined);
    for (const curve of ["P-256", "P-384", "P-521"]) {
      expect(certificateFault({ ...EC, curve })).to.equal(undefined);
    }
  });

  const one = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
  const another = one.replace("AAAA", "BBBB");

  it("is separated from others in the same text", () => {
    for (const between of ["", "\n", "\r\n\r\nsubject=CN = issuer\r\n"]) {
      expect(separateCertificates(`\n${one}${between}${another}\n`)).to.deep.equal([one, another]);
    }
    for (const text of ["", "AAAA", `# a comment\n${one}\n`]) {
      expect(separateCertificates(text)).to.deep.equal([text]);
    }
  });

  it("cannot be saved together with another in one text", () => {
    const fault = certificateTextFault(`${one}\n${another}`, GOOD);
    expect(fault?.code).to.equal("several-certificates");
    expect(fault?.message).to.include("contains 2 certificates");
    expect(certificateTextFault(one, GOOD)).to.equal(undefined);
    expect(certificateTextFault(one, undefined)?.code).to.equal("certificate-invalid");
  });

  it("is of an issuer where another one names it, and never by itself", () => {
    const named = (subject: string, issuer: string) => ({ subject, issuer });
    const chain = [named("CA", "root"), undefined, named("idp", "CA"), named("root", "root")];
    expect([...issuersIn(chain)]).to.deep.equal([0, 3]);
    expect([...issuersIn([named("idp", "idp"), named("idp", "idp")])]).to.deep.equal([]);
  });

  it("of an authority is warned of, unless it is self-signed: many identity providers' are", () => {
    const codes = (...all: readonly (CertificateFacts | undefined)[]) =>
      certificateListWarnings(all, NOW).map((found) => found.map(({ code }) => code));
    const issuer: CertificateFacts = {
      ...GOOD,
      subject: "CN=CA",
      issuer: "CN=root",
      authority: true,
    };
    expect(codes(undefined, issuer)).to.deep.equal([[], ["certificate-of-authority"]]);
    expect(codes({ ...GOOD, authority: true }, GOOD)).to.deep.equal([[], []]);
    expect(codes(issuer, { ...GOOD, issuer: "CN=CA" })).to.deep.equal([
      ["certificate-of-issuer"],
      [],
    ]);
    expect(codes({ ...issuer, notAfter: NOW - 1 })).to.deep.equal([
      ["certificate-expired", "certificate-of-authority"],
    ]);
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
      const found = certificateWarnings({ ...GOOD, ...changes }, NOW);
      expect(found.map((one) => ({ code: one.code, message: one.message }))).to.deep.equal(
        expected,
      );
    });
  }
});

describe("the validity period of a connection's certificates", () => {
  it("is kept unless expired certificates are accepted", () => {
    expect(keepsValidityPeriod({ acceptExpiredCertificates: false })).to.equal(true);
    expect(keepsValidityPeriod({ acceptExpiredCertificates: true })).to.equal(false);
  });
});
