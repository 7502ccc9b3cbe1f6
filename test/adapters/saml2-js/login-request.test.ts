import { createPublicKey, verify as verifySignature } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { expect } from "chai";
import { describe, it } from "mocha";
import { readXml } from "../../../src/adapters/saml2-js/xml/read-xml.ts";
import {
  attributeOf,
  descendants,
  textOf,
  type XmlElement,
} from "../../../src/adapters/saml2-js/xml/tree.ts";
import type { IdentityProvider } from "../../../src/domain/settings.ts";
import type { IdentityPort, ServiceProvider } from "../../../src/ports/identity-port.ts";
import { xmlsec1Verifies } from "../../testing/xmlsec1.ts";
import { schemaFaults } from "./support/oasis-schema.ts";
import { idp, makeIdentity, SP, spKey } from "./support/parties.ts";

const { identity } = makeIdentity();
const keyless = makeIdentity({ keys: [] }).identity;

function messageIn(url: string): XmlElement {
  const message = new URL(url).searchParams.get("SAMLRequest") ?? "";
  return readXml(inflateRawSync(Buffer.from(message, "base64")).toString());
}

/** A login request by either binding. */
async function requested(port: IdentityPort, sp: ServiceProvider, connection: IdentityProvider) {
  const { id, message } = await port.loginRequest(sp, connection);
  return message.binding === "redirect"
    ? { id, url: message.url }
    : { id, url: message.url, samlRequest: message.fields["SAMLRequest"] };
}

describe("login requests", () => {
  it("say who asks, whom, and where the answer goes", async () => {
    const { id, url } = await requested(identity, SP, idp.connection());
    const root = messageIn(url);
    expect(url.startsWith("https://idp.example/sso?")).to.equal(true);
    expect(root).to.include({
      local: "AuthnRequest",
      namespace: "urn:oasis:names:tc:SAML:2.0:protocol",
    });
    expect(attributeOf(root, "ID")).to.equal(id);
    expect(attributeOf(root, "Version")).to.equal("2.0");
    expect(attributeOf(root, "Destination")).to.equal("https://idp.example/sso");
    expect(attributeOf(root, "AssertionConsumerServiceURL")).to.equal(SP.acsUrl);
    const issuer = descendants(root).find(({ local }) => local === "Issuer");
    expect(issuer === undefined ? undefined : textOf(issuer)).to.equal(SP.entityId);
  });

  it("have an ID of their own every time, that a response can name", async () => {
    const requests = await Promise.all(
      Array.from({ length: 50 }, () => requested(identity, SP, idp.connection())),
    );
    expect(new Set(requests.map(({ id }) => id)).size).to.equal(50);
    for (const { id } of requests) expect(id).to.match(/^_[0-9a-f]{32,}$/);
  });

  it("are signed over the octets of their query when the connection says so", async () => {
    const { url } = await requested(identity, SP, idp.connection({ signRequests: true }));
    const [signed = "", signature = ""] = url.slice(url.indexOf("?") + 1).split("&Signature=");
    const octets = Buffer.from(decodeURIComponent(signature), "base64");
    expect(new URL(url).searchParams.get("SigAlg")).to.equal(
      "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    );
    expect(
      verifySignature("sha256", Buffer.from(signed), createPublicKey(spKey.certificate), octets),
    ).to.equal(true);
  });

  it("are not signed otherwise, nor without a key", async () => {
    for (const [port, signRequests] of [
      [identity, false],
      [keyless, true],
      [keyless, false],
    ] as const) {
      const { url } = await requested(port, SP, idp.connection({ signRequests }));
      expect([...new URL(url).searchParams.keys()]).to.deep.equal(["SAMLRequest"]);
    }
  });

  it("keep the query that the identity provider's address has", async () => {
    const { url } = await requested(
      identity,
      SP,
      idp.connection({ ssoUrl: "https://idp.example/sso?tenant=a%26b" }),
    );
    expect(new URL(url).searchParams.get("tenant")).to.equal("a&b");
    expect(messageIn(url).local).to.equal("AuthnRequest");
  });

  const MFA = "https://refeds.org/profile/mfa";
  const X509 = "urn:oasis:names:tc:SAML:2.0:ac:classes:X509";
  const PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
  const VARIANTS: Readonly<Record<string, Partial<IdentityProvider>>> = {
    "with nothing special": {},
    "with all that a connection may ask for": {
      forceAuthn: true,
      requestedAuthnContext: { classRefs: [MFA, X509], comparison: "minimum" },
      nameIdFormat: PERSISTENT,
    },
    "without our ACS URL": { omitAcsUrl: true },
    "signed, by HTTP-POST": { ssoBinding: "post", signRequests: true, forceAuthn: true },
  };
  for (const [what, changes] of Object.entries(VARIANTS)) {
    it(`are valid against the OASIS schema: ${what}`, async () => {
      const request = await requested(identity, SP, idp.connection(changes));
      const xml =
        request.samlRequest === undefined
          ? inflateRawSync(
              Buffer.from(new URL(request.url).searchParams.get("SAMLRequest") ?? "", "base64"),
            )
          : Buffer.from(request.samlRequest, "base64");
      expect(schemaFaults(xml.toString(), "protocol")).to.equal("");
    });
  }

  it("ask for what the connection asks for, and for nothing else", async () => {
    const { url } = await requested(
      identity,
      SP,
      idp.connection(VARIANTS["with all that a connection may ask for"]!),
    );
    const root = messageIn(url);
    expect(attributeOf(root, "ForceAuthn")).to.equal("true");
    const named = (local: string) => descendants(root).filter((one) => one.local === local);
    expect(named("NameIDPolicy").map((one) => attributeOf(one, "Format"))).to.deep.equal([
      PERSISTENT,
    ]);
    expect(
      named("RequestedAuthnContext").map((one) => attributeOf(one, "Comparison")),
    ).to.deep.equal(["minimum"]);
    expect(named("AuthnContextClassRef").map(textOf)).to.deep.equal([MFA, X509]);
    const plain = messageIn((await requested(identity, SP, idp.connection())).url);
    expect(attributeOf(plain, "ForceAuthn")).to.equal(undefined);
    expect(descendants(plain).map(({ local }) => local)).to.deep.equal([
      "AuthnRequest",
      "Issuer",
      "NameIDPolicy",
    ]);
    expect(attributeOf(descendants(plain)[2]!, "Format")).to.equal(
      "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    );
  });

  it("leave the ACS URL to the identity provider where the connection says so", async () => {
    const { url } = await requested(identity, SP, idp.connection({ omitAcsUrl: true }));
    expect(attributeOf(messageIn(url), "AssertionConsumerServiceURL")).to.equal(undefined);
  });

  it("are signed in the message by HTTP-POST, as xmlsec1 verifies, and only then", async () => {
    const post = (signRequests: boolean) =>
      requested(identity, SP, idp.connection({ ssoBinding: "post", signRequests }));
    const { url, samlRequest = "" } = await post(true);
    expect(url).to.equal("https://idp.example/sso");
    const xml = Buffer.from(samlRequest, "base64").toString();
    expect(xmlsec1Verifies(xml, "response", spKey.certificate)).to.equal(true);
    const edited = xml.replace("AllowCreate", "allowCreate");
    expect(xmlsec1Verifies(edited, "response", spKey.certificate)).to.equal(false);
    const unsigned = await post(false);
    expect(Buffer.from(unsigned.samlRequest ?? "", "base64").toString()).not.to.contain(
      "Signature",
    );
  });

  it("escape what has to be escaped", async () => {
    const sp = {
      entityId: 'https://app.example/?a=1&b="<>',
      acsUrl: "https://app.example/acs?c=1&d=2",
    };
    const root = messageIn((await requested(identity, sp, idp.connection())).url);
    expect(attributeOf(root, "AssertionConsumerServiceURL")).to.equal(sp.acsUrl);
  });
});
