import { deflateRawSync } from "node:zlib";
import { expect } from "chai";
import { describe, it } from "mocha";
import { claimedHead } from "../../../src/adapters/saml2-js/response/claimed-head.ts";

const PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";

function form(xml: string): object {
  return { SAMLResponse: Buffer.from(xml, "utf8").toString("base64") };
}

function claimedInResponseTo(posted: unknown): string | undefined {
  return claimedHead({ binding: "post", form: posted }).inResponseTo;
}

describe("the request that a response claims to answer", () => {
  it("is read from the root only, also of unsigned responses", () => {
    const inner = '<a InResponseTo="_inner"/>';
    expect(
      claimedInResponseTo(
        form(`<p:Response xmlns:p="${PROTOCOL}" InResponseTo="_1">${inner}</p:Response>`),
      ),
    ).to.equal("_1");
    expect(claimedInResponseTo(form(`<Response xmlns="${PROTOCOL}">${inner}</Response>`))).to.equal(
      undefined,
    );
  });

  it("is undefined for other messages", () => {
    for (const xml of [
      `<p:LogoutResponse xmlns:p="${PROTOCOL}" InResponseTo="_1"/>`,
      '<Response InResponseTo="_1"/>',
      `<p:Response xmlns:p="${PROTOCOL}" xmlns:x="urn:x" x:InResponseTo="_1"/>`,
      "<a",
      '<!DOCTYPE a [<!ENTITY e "x">]><a/>',
      `<p:Response xmlns:p="${PROTOCOL}" InResponseTo="_1">${"<a>".repeat(5000)}`,
      "\u0000",
      "",
    ]) {
      expect(claimedInResponseTo(form(xml)), xml.slice(0, 40)).to.equal(undefined);
    }
  });

  it("is undefined for other bodies", () => {
    const SAMLResponse = Buffer.from(`<p:Response xmlns:p="${PROTOCOL}" InResponseTo="_1"/>`);
    for (const posted of [
      undefined,
      null,
      7,
      "x",
      [],
      {},
      { SAMLResponse },
      { SAMLResponse: [SAMLResponse.toString("base64"), SAMLResponse.toString("base64")] },
      { SAMLResponse: SAMLResponse.toString("base64"), SAMLRequest: "x" },
      { SAMLResponse: "%%%%" },
      { SAMLResponse: "A".repeat(2 ** 20) },
    ]) {
      expect(claimedInResponseTo(posted)).to.equal(undefined);
    }
  });
});

describe("the issuer that a message claims", () => {
  const ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
  const issuer = `<a:Issuer xmlns:a="${ASSERTION}"> https://idp.example </a:Issuer>`;
  const inside = `<a:Assertion xmlns:a="${ASSERTION}">${issuer}</a:Assertion>`;
  const xmlOf = (name: string, content: string) =>
    `<p:${name} xmlns:p="${PROTOCOL}">${content}</p:${name}>`;

  it("is that of the message, otherwise that of its assertion", () => {
    for (const content of [issuer, inside]) {
      const message = { binding: "post", form: form(xmlOf("Response", content)) } as const;
      expect(claimedHead(message)).to.deep.equal({ issuer: "https://idp.example" });
    }
  });

  it("is that of a logout message by either binding", () => {
    const xml = xmlOf("LogoutRequest", issuer);
    const SAMLRequest = Buffer.from(xml).toString("base64");
    const deflated = encodeURIComponent(deflateRawSync(xml).toString("base64"));
    for (const message of [
      { binding: "post", form: { SAMLRequest } },
      { binding: "redirect", rawQuery: `SAMLRequest=${deflated}&SigAlg=x&Signature=x` },
    ] as const) {
      expect(claimedHead(message)).to.deep.equal({ issuer: "https://idp.example" });
    }
  });

  it("is none of a message that names none or cannot be read", () => {
    for (const message of [
      { binding: "post", form: form(xmlOf("Response", "<a/>")) },
      { binding: "post", form: form(xmlOf("Response", `<x>${issuer}</x>`)) },
      { binding: "redirect", rawQuery: "" },
      { binding: "redirect", rawQuery: "SAMLRequest=%%%" },
      { binding: "redirect", rawQuery: "x".repeat(100_000) },
    ] as const) {
      expect(claimedHead(message)).to.deep.equal({});
    }
  });
});
