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
import { idp, makeIdentity, SP, spKey } from "./support/parties.ts";

const { identity } = makeIdentity();
const keyless = makeIdentity({ keys: [] }).identity;

function messageIn(url: string): XmlElement {
  const message = new URL(url).searchParams.get("SAMLRequest") ?? "";
  return readXml(inflateRawSync(Buffer.from(message, "base64")).toString());
}

describe("login requests", () => {
  it("say who asks, whom, and where the answer goes", async () => {
    const { id, url } = await identity.loginRequest(SP, idp.connection());
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
      Array.from({ length: 50 }, () => identity.loginRequest(SP, idp.connection())),
    );
    expect(new Set(requests.map(({ id }) => id)).size).to.equal(50);
    for (const { id } of requests) expect(id).to.match(/^_[0-9a-f]{32,}$/);
  });

  it("are signed over the octets of their query when the connection says so", async () => {
    const { url } = await identity.loginRequest(SP, idp.connection({ signRequests: true }));
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
      const { url } = await port.loginRequest(SP, idp.connection({ signRequests }));
      expect([...new URL(url).searchParams.keys()]).to.deep.equal(["SAMLRequest"]);
    }
  });

  it("keep the query that the identity provider's address has", async () => {
    const { url } = await identity.loginRequest(
      SP,
      idp.connection({ ssoUrl: "https://idp.example/sso?tenant=a%26b" }),
    );
    expect(new URL(url).searchParams.get("tenant")).to.equal("a&b");
    expect(messageIn(url).local).to.equal("AuthnRequest");
  });

  it("escape what has to be escaped", async () => {
    const sp = {
      entityId: 'https://app.example/?a=1&b="<>',
      acsUrl: "https://app.example/acs?c=1&d=2",
    };
    const root = messageIn((await identity.loginRequest(sp, idp.connection())).url);
    expect(attributeOf(root, "AssertionConsumerServiceURL")).to.equal(sp.acsUrl);
  });
});
