import { expect } from "chai";
import { describe, it } from "mocha";
import { claimedInResponseTo } from "../../../src/adapters/saml2-js/response/claimed-request.ts";

const PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";

function form(xml: string): object {
  return { SAMLResponse: Buffer.from(xml, "utf8").toString("base64") };
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
