import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { describe, it } from "mocha";
import { IdentityProvider, ServiceProvider } from "saml2-js";
import { makeTestKey, reissue } from "../../src/testing/signing-idp/certificate.ts";
import type { DataCipher } from "../../src/testing/signing-idp/encrypt-xml.ts";
import { makeSigningIdp } from "../../src/testing/signing-idp.ts";
import { xmlsec1Decrypts, xmlsec1Verifies } from "./xmlsec1.ts";

const sp = makeTestKey({ subject: "service provider" });
const ask = {
  acsUrl: "https://app.example/acs?a=1&b=2",
  audience: "https://app.example/metadata",
  email: 'o\'hara+"tag"@customer.example',
  attributes: { displayName: "Zoë <𝒵> & Söhne", groups: ["a", "b"] },
};

describe("the signing identity provider", () => {
  for (const signature of [
    "rsa-sha256",
    "rsa-sha384",
    "rsa-sha512",
    "ecdsa-sha256",
    "ecdsa-sha384",
  ] as const) {
    it(`makes ${signature} signatures that xmlsec1 verifies`, () => {
      const idp = makeSigningIdp({ algorithms: { signature } });
      const attributes = { note: "one\r\ntwo\tthree" };
      const { xml } = idp.respond({ ...ask, attributes, sign: "both" });
      expect(xmlsec1Verifies(xml, "assertion", idp.certificate)).to.equal(true);
      expect(xmlsec1Verifies(xml, "response", idp.certificate)).to.equal(true);
    });
  }

  for (const sign of ["assertion", "response"] as const) {
    it(`signs the ${sign} alone when asked, and nothing verifies once it is changed`, () => {
      const idp = makeSigningIdp();
      const { xml } = idp.respond({ ...ask, sign });
      expect(xmlsec1Verifies(xml, sign, idp.certificate)).to.equal(true);
      expect(xmlsec1Verifies(xml.replace("hara", "hora"), sign, idp.certificate)).to.equal(false);
      expect(xmlsec1Verifies(xml, sign, sp.certificate)).to.equal(false);
      expect(xml.match(/<ds:Signature /g)).to.have.length(1);
    });
  }

  for (const cipher of [
    "aes128-cbc",
    "aes256-cbc",
    "aes128-gcm",
    "aes256-gcm",
    "tripledes-cbc",
  ] satisfies DataCipher[]) {
    it(`encrypts with ${cipher} what xmlsec1 decrypts`, () => {
      const idp = makeSigningIdp();
      const { xml } = idp.respond({ ...ask, encryptTo: sp.certificate, encryption: { cipher } });
      expect(xml).not.to.include("hara");
      expect(xmlsec1Decrypts(xml, sp.privateKey)).to.include('hara+"tag"@customer.example');
    });
  }

  it("refers to an EncryptedKey beside the data when asked", () => {
    const { xml } = makeSigningIdp().respond({
      ...ask,
      encryptTo: sp.certificate,
      encryption: { encryptedKey: "sibling" },
    });
    expect(xml).to.match(/<\/xenc:EncryptedData><xenc:EncryptedKey/);
    expect(xmlsec1Decrypts(xml, sp.privateKey)).to.include("hara");
  });

  it("makes certificates that verify by their own key, for the period asked for", () => {
    const notBefore = Date.UTC(2030, 0, 31, 1, 2, 3);
    const notAfter = Date.UTC(2051, 11, 31, 23, 59, 59);
    for (const kind of ["rsa-2048", "ec-p256", "ec-p384"] as const) {
      const { certificate } = reissue(makeTestKey({ kind }), {
        subject: "Zoë",
        notBefore,
        notAfter,
      });
      const read = new X509Certificate(certificate);
      expect(read.verify(read.publicKey)).to.equal(true);
      expect(Date.parse(read.validFrom)).to.equal(notBefore);
      expect(Date.parse(read.validTo)).to.equal(notAfter);
    }
  });

  it("is believed by saml2-js, plain and encrypted", async () => {
    const idp = makeSigningIdp();
    for (const sign of ["assertion", "response", "both"] as const) {
      for (const encryptTo of [undefined, sp.certificate]) {
        const { samlResponse } = idp.respond({
          ...ask,
          sign,
          ...(encryptTo === undefined ? {} : { encryptTo, encryption: { cipher: "aes256-cbc" } }),
        });
        const user = await acceptedBySaml2Js(
          idp.certificate,
          samlResponse,
          encryptTo === undefined,
        );
        expect(user).to.have.property("name_id", ask.email);
        expect(user).to.have.nested.property("attributes.groups").deep.equal(["a", "b"]);
      }
    }
  });

  it("publishes the metadata of the connection it offers", () => {
    const idp = makeSigningIdp({ entityId: "urn:idp:a&b" });
    const connection = idp.connection({ idpInitiated: false });
    expect(connection).to.include({ entityId: "urn:idp:a&b", idpInitiated: false });
    expect(idp.metadata()).to.include('entityID="urn:idp:a&amp;b"').and.include(connection.ssoUrl);
  });

  it("posts what it was asked for, with the relay state beside it", () => {
    const form = makeSigningIdp().form({ ...ask, relayState: "/page" });
    expect(form.RelayState).to.equal("/page");
    expect(Buffer.from(form.SAMLResponse, "base64").toString()).to.match(/^<samlp:Response /);
  });
});

function acceptedBySaml2Js(
  certificate: string,
  samlResponse: string,
  allowPlain: boolean,
): Promise<unknown> {
  const idp = new IdentityProvider({
    sso_login_url: "https://idp.example/sso",
    sso_logout_url: "https://idp.example/slo",
    certificates: [certificate],
  });
  const us = new ServiceProvider({
    entity_id: ask.audience,
    assert_endpoint: ask.acsUrl,
    private_key: sp.privateKey,
    certificate: sp.certificate,
  });
  return new Promise((resolve, reject) => {
    const options = {
      request_body: { SAMLResponse: samlResponse },
      allow_unencrypted_assertion: allowPlain,
      audience: ask.audience,
    };
    us.post_assert(idp, options, (error: unknown, response) => {
      if (error) reject(error);
      else resolve(response.user);
    });
  });
}
