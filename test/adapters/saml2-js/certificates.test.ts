import { verify as verifiesWith, X509Certificate } from "node:crypto";
import { expect } from "chai";
import { describe, it } from "mocha";
import { certificateFault } from "../../../src/domain/certificate-rules.ts";
import type { ServiceProviderKeyOptions } from "../../../src/mod.ts";
import {
  certify,
  makeTestKey,
  pemBody,
  reissue,
  type TestKey,
} from "../../../src/testing/signing-idp/certificate.ts";
import { makeSigningIdp } from "../../../src/testing/signing-idp.ts";
import { BRAINPOOL, exponentOne, onCurve, withExponent } from "../../support/weak-keys.ts";
import { accepted, ask, idp, makeIdentity, NOW, refused, verify } from "./support/parties.ts";

const DAY = 86_400_000;
const other = makeTestKey();
const ec = makeTestKey({ kind: "ec-p256" });
const { identity } = makeIdentity();
const xml = idp.respond(ask).xml;
/** Its validity ends in the month 13 of 2120: over the right key, and with the right length. */
const ENDLESS = Buffer.from(
  Buffer.from(pemBody(idp.certificate), "base64")
    .toString("latin1")
    .replace("21200101000000Z", "21201301000000Z"),
  "latin1",
).toString("base64");
const BROKEN = [
  ENDLESS,
  "",
  "no certificate",
  "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  idp.certificate.slice(0, 400),
  pemBody(idp.certificate).replace(/.{40}$/, ""),
];

describe("the connection's certificates", () => {
  for (const [index, broken] of BROKEN.entries()) {
    it(`a broken one beside a good one does no harm (${index})`, async () => {
      for (const certificates of [
        [broken, idp.certificate],
        [idp.certificate, broken],
      ]) {
        accepted(await verify(xml, { connection: { certificates } }));
      }
      refused(
        await verify(xml, { connection: { certificates: [broken] } }),
        "no-usable-certificate",
      );
    });
  }

  const keyOf = (key: Uint8Array): string => certify(key, other);
  // A runtime may refuse to read such a key itself.
  const EXPONENT = /public exponent|not an X\.509 certificate/;
  const CURVE = /EC keys must be on|not an X\.509 certificate/;
  const WEAK: Readonly<Record<string, readonly [certificate: string, reason: RegExp]>> = {
    "of 1024 bits": [makeTestKey({ kind: "rsa-1024" }).certificate, /at least 2048 bits/],
    "with the exponent 1": [keyOf(exponentOne(idp.key)), EXPONENT],
    "with the exponent 3": [keyOf(withExponent(idp.key, 3)), EXPONENT],
    "with an even exponent": [keyOf(withExponent(idp.key, 65_538)), EXPONENT],
    "on secp256k1": [keyOf(onCurve("secp256k1")), CURVE],
    "on P-224": [keyOf(onCurve("secp224r1")), CURVE],
    "on a curve of Brainpool's": [keyOf(BRAINPOOL), CURVE],
  };
  for (const [what, [certificate, reason]] of Object.entries(WEAK)) {
    it(`one of a weak key verifies nothing, and says why: ${what}`, async () => {
      const result = await verify(xml, { connection: { certificates: [certificate] } });
      expect(refused(result, "no-usable-certificate").detail).to.match(reason);
      const beside = [certificate, idp.certificate];
      expect(
        accepted(await verify(xml, { connection: { certificates: beside } })).signedBy,
      ).to.equal(new X509Certificate(idp.certificate).fingerprint256);
    });
  }

  it("may be on each of the three curves", () => {
    for (const [name, curve] of [
      ["prime256v1", "P-256"],
      ["secp384r1", "P-384"],
      ["secp521r1", "P-521"],
    ] as const) {
      const facts = identity.inspectCertificate(keyOf(onCurve(name)));
      expect(facts).to.include({ keyType: "ec", curve });
      expect(certificateFault(facts)).to.equal(undefined);
    }
  });

  it("are no certificate where another one follows without armor", () => {
    const both = Buffer.concat(
      [idp.certificate, other.certificate].map((pem) => Buffer.from(pemBody(pem), "base64")),
    );
    expect(identity.inspectCertificate(both.toString("base64"))).to.equal(undefined);
  });

  it("the one that signed may stand anywhere among others", async () => {
    const certificates = [other.certificate, ec.certificate, idp.certificate];
    const { signedBy } = accepted(await verify(xml, { connection: { certificates } }));
    expect(signedBy).to.equal(new X509Certificate(idp.certificate).fingerprint256);
  });

  it("the one that signed may stand beside any other kind of key, with each second reading", async () => {
    const kinds = [
      ["ec-p256", "ecdsa-sha256"],
      ["ec-p384", "ecdsa-sha384"],
      ["rsa-2048", "rsa-sha256"],
    ] as const;
    const signers = kinds.map(([kind, signature]) =>
      makeSigningIdp({
        clock: { now: () => NOW },
        key: makeTestKey({ kind }),
        algorithms: { signature },
      }),
    );
    for (const secondReading of ["read", "verify"] as const) {
      const { identity: reader } = makeIdentity({ secondReading });
      for (const from of signers) {
        for (const beside of signers) {
          const connection = { certificates: [beside.certificate, from.certificate] };
          accepted(await verify(from.respond(ask).xml, { identity: reader, connection, from }));
        }
      }
    }
  });

  it("may be PEM, PEM with CRLF, or bare base64 in any lines", async () => {
    for (const text of [
      idp.certificate,
      idp.certificate.replaceAll("\n", "\r\n"),
      `  ${idp.certificate.replaceAll("\n", "\n  ")}`,
      `subject=CN = idp\n${idp.certificate}`,
      pemBody(idp.certificate),
      pemBody(idp.certificate).replace(/.{76}/g, "$&\n  "),
    ]) {
      accepted(await verify(xml, { connection: { certificates: [text] } }));
    }
  });

  it("others verify nothing, whatever certificate the message carries", async () => {
    refused(
      await verify(xml, { connection: { certificates: [other.certificate] } }),
      "signature-invalid",
    );
  });

  const expired = reissue(idp.key, { notAfter: NOW - DAY }).certificate;
  const early = reissue(idp.key, { notBefore: NOW + DAY }).certificate;
  for (const [what, certificate] of Object.entries({
    "an expired one": expired,
    "one of tomorrow": early,
  })) {
    it(`${what} is refused, and accepted where the connection says so`, async () => {
      const connection = { certificates: [certificate] };
      refused(await verify(xml, { connection }), "certificate-expired");
      accepted(
        await verify(xml, { connection: { ...connection, acceptExpiredCertificates: true } }),
      );
    });
  }

  for (const [what, edge, option, towards] of [
    ["end", NOW, "notAfter", -1000],
    ["begin", NOW, "notBefore", 1000],
  ] as const) {
    it(`its ${what} counts with the clock skew`, async () => {
      const at = (moment: number): Promise<unknown> =>
        verify(xml, {
          connection: { certificates: [reissue(idp.key, { [option]: moment }).certificate] },
        });
      const skew = 60 * towards;
      expect(await at(edge + skew)).to.include({ kind: "verified" });
      expect(await at(edge + skew + towards)).to.include({ code: "certificate-expired" });
    });
  }

  it("the key's type must be the signature's", async () => {
    const ecIdp = makeSigningIdp({
      algorithms: { signature: "ecdsa-sha256" },
      clock: { now: () => NOW },
    });
    accepted(await verify(ecIdp.respond(ask).xml, { from: ecIdp }));
    refused(
      await verify(ecIdp.respond(ask).xml, {
        from: ecIdp,
        connection: { certificates: [idp.certificate] },
      }),
      "signature-invalid",
    );
  });

  it("are described for the administrator", () => {
    expect(identity.inspectCertificate(idp.certificate)).to.deep.include({
      keyType: "rsa",
      keyBits: 2048,
      fingerprint: new X509Certificate(idp.certificate).fingerprint256,
      notBefore: Date.UTC(2020, 0, 1),
      notAfter: Date.UTC(2120, 0, 1),
    });
    expect(identity.inspectCertificate(pemBody(ec.certificate))).to.include({ keyType: "ec" });
    for (const broken of BROKEN) expect(identity.inspectCertificate(broken)).to.equal(undefined);
  });
});

describe("the service provider's own keys", () => {
  const usual = makeTestKey();
  const FAULTS: Readonly<
    Record<string, readonly [privateKey: string, certificate: string, option: string]>
  > = {
    "a key that is none": ["secret-words", usual.certificate, "keys[1].privateKey"],
    "a damaged key": [
      usual.privateKey.replace(/[A-Z]{2}/, "!!"),
      usual.certificate,
      "keys[1].privateKey",
    ],
    "an EC key": [ec.privateKey, ec.certificate, "keys[1].privateKey"],
    "a certificate for a key": [usual.certificate, usual.certificate, "keys[1].privateKey"],
    "a certificate that is none": [usual.privateKey, "secret-words", "keys[1].certificate"],
    "a key for a certificate": [usual.privateKey, usual.privateKey, "keys[1].certificate"],
    "another key's certificate": [usual.privateKey, other.certificate, "keys[1].certificate"],
  };
  for (const [what, [privateKey, certificate, option]] of Object.entries(FAULTS)) {
    it(`${what}: the error names the option and quotes nothing`, () => {
      const faulty = { privateKey, certificate, use: "retiring" } as const;
      const make = (): unknown => makeIdentity({ keys: [usual, faulty] });
      expect(make).to.throw(TypeError).with.property("message").that.includes(option);
      expect(make)
        .to.throw()
        .with.property("message")
        .that.does.not.match(/secret-words|MII|BEGIN|!!/);
      expect(make).to.throw().and.not.have.property("cause");
    });
  }

  const pair = (key: TestKey, use?: "next" | "retiring"): ServiceProviderKeyOptions => ({
    privateKey: key.privateKey,
    certificate: key.certificate,
    use,
  });
  const LISTS: Readonly<Record<string, readonly [ServiceProviderKeyOptions[], string]>> = {
    "none that signs": [
      [pair(usual, "next"), pair(other, "retiring")],
      "serviceProvider.keys must contain a pair without use, which signs",
    ],
    "two that sign": [
      [pair(usual), pair(other)],
      "serviceProvider.keys must contain one pair without use, which signs, not 2",
    ],
    "two that are next": [
      [pair(usual), pair(other, "next"), pair(makeTestKey(), "next")],
      'serviceProvider.keys must contain at most one pair with use "next"',
    ],
    "one key twice, with a renewed certificate": [
      [pair(reissue(usual, {}), "retiring"), pair(usual)],
      "serviceProvider.keys[1].certificate must not have the key of serviceProvider.keys[0]",
    ],
    "a short key": [
      [pair(makeTestKey({ kind: "rsa-1024" }))],
      "serviceProvider.keys[0].privateKey is too weak",
    ],
  };
  for (const [what, [keys, fault]] of Object.entries(LISTS)) {
    it(`cannot be ${what}`, () => {
      expect(() => makeIdentity({ keys })).to.throw(TypeError, fault);
    });
  }

  it("sign with the one that is for it, in any order", async () => {
    const keys = [pair(usual), pair(other, "next"), pair(makeTestKey(), "retiring")];
    for (const order of [keys, keys.toReversed()]) {
      const { identity } = makeIdentity({ keys: order });
      const {
        message: { url },
      } = await identity.loginRequest(
        { entityId: "a", acsUrl: "https://app.example/acs" },
        idp.connection({ signRequests: true }),
      );
      const [signed = "", signature = ""] = url.split("?")[1]?.split("&Signature=") ?? [];
      const verified = [usual, other].map((key) =>
        verifiesWith(
          "sha256",
          Buffer.from(signed),
          key.certificate,
          Buffer.from(decodeURIComponent(signature), "base64"),
        ),
      );
      expect(verified).to.deep.equal([true, false]);
    }
  });

  it("sign nothing when there are none, and logout says what is missing", async () => {
    const keyless = makeIdentity({ keys: [] }).identity;
    expect(keyless.canSignRequests).to.equal(false);
    const answer = { inResponseTo: "_x", status: "success" as const };
    const failed = await keyless
      .logoutResponse({ entityId: "a", acsUrl: "b" }, idp.connection(), answer)
      .catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(TypeError).with.property("message").that.includes("keys");
  });
});
