import { expect } from "chai";
import { describe, it } from "mocha";
import { generate } from "selfsigned";
import type { LeftOutOfMetadata, ParsedIdpMetadata } from "../../../src/ports/identity-port.ts";
import { certify, makeTestKey, pemBody } from "../../../src/testing/signing-idp/certificate.ts";
import { withExponent } from "../../support/weak-keys.ts";
import { swap } from "./support/edits.ts";
import { idp, makeIdentity } from "./support/parties.ts";

const { identity } = makeIdentity();
const second = makeTestKey();
const USUAL = idp.metadata();
const ONE = {
  entityId: idp.entityId,
  ssoUrl: "https://idp.example/sso",
  sloUrl: "https://idp.example/slo",
  certificates: [pemBody(idp.certificate)],
  wantsSignedRequests: false,
};

function parse(xml: string): ParsedIdpMetadata {
  return identity.parseIdpMetadata(xml);
}

function leftOutOf(result: ParsedIdpMetadata): readonly LeftOutOfMetadata[] {
  if (result.kind === "invalid") expect.fail(result.detail);
  return result.leftOut;
}

function faultIn(xml: string): string {
  const result = parse(xml);
  if (result.kind === "metadata") expect.fail("the metadata was accepted");
  return result.detail;
}

const keyDescriptor = (use: string, body: string): string =>
  `<md:KeyDescriptor${use === "" ? "" : ` use="${use}"`}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;
const withKeys = (...keys: readonly string[]): string =>
  swap(/<md:KeyDescriptor.*<\/md:KeyDescriptor>/, keys.join(""))(USUAL);
const wrapped = (pem: string): string => pemBody(pem).replace(/.{64}/g, "$&\r\n\t");

describe("the identity provider's metadata", () => {
  const ACCEPTED: Readonly<Record<string, string>> = {
    "as it is": USUAL,
    "with a byte order mark": `\uFEFF${USUAL}`,
    "with an XML declaration": `<?xml version="1.0" encoding="UTF-8" standalone="no"?>\r\n${USUAL}`,
    "with white space around it": `\r\n  ${USUAL}\r\n`,
    "with lines that end in CRLF": USUAL.replaceAll("><", ">\r\n  <"),
    "with comments": `<!-- made by hand -->${USUAL.replaceAll("<md:", "<!-- - --><md:")}<!-- end -->`,
    "with certificates in lines": withKeys(keyDescriptor("signing", wrapped(idp.certificate))),
    "with a key of either use": withKeys(keyDescriptor("", pemBody(idp.certificate))),
    "with an encryption key besides": withKeys(
      keyDescriptor("encryption", pemBody(second.certificate)),
      keyDescriptor("signing", pemBody(idp.certificate)),
    ),
    "with the same certificate twice": withKeys(
      keyDescriptor("signing", pemBody(idp.certificate)),
      keyDescriptor("signing", wrapped(idp.certificate)),
    ),
    "with the POST endpoint first": swap(
      /(<md:SingleSignOnService[^>]*><\/md:SingleSignOnService>)(<md:SingleSignOnService[^>]*><\/md:SingleSignOnService>)/,
      '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/post"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/other"/>',
    )(USUAL),
    "with the default namespace": USUAL.replaceAll("md:", "").replace("xmlns:md", "xmlns"),
    "with a signature, which is not looked at": swap(
      "<md:IDPSSODescriptor",
      '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/><md:IDPSSODescriptor',
    )(USUAL),
    "with a date until which it is valid": swap(
      " entityID",
      ' validUntil="2026-06-01T12:00:00Z" entityID',
    )(USUAL),
    "with certificates pasted as files": withKeys(keyDescriptor("signing", `\n${idp.certificate}`)),
    "with a file of two certificates in one element": withKeys(
      keyDescriptor("signing", `subject=CN = idp\n${idp.certificate}\n${idp.certificate}`),
    ),
    "with optional attributes that are empty": USUAL.replace(' use="signing"', ' use=""').replace(
      " entityID",
      ' validUntil="" entityID',
    ),
    "with white space around its addresses": USUAL.replace(
      /(entityID|Location)="([^"]*)"/g,
      '$1="\n  $2 "',
    ),
    "with a date in another zone": swap(
      " entityID",
      ' validUntil="2026-06-01T14:00:00.000+02:00" entityID',
    )(USUAL),
    "with a date west of Greenwich": swap(
      " entityID",
      ' validUntil="2026-06-01T06:30:00-05:30" entityID',
    )(USUAL),
    "with SAML 1.1 besides": swap(
      'protocolSupportEnumeration="',
      'protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol ',
    )(USUAL),
  };
  for (const [what, xml] of Object.entries(ACCEPTED)) {
    it(`is read ${what}`, () => {
      expect(parse(xml)).to.deep.equal({ kind: "metadata", identityProviders: [ONE], leftOut: [] });
    });
  }

  it("is read with several certificates, in their order", () => {
    const xml = withKeys(
      keyDescriptor("signing", pemBody(idp.certificate)),
      keyDescriptor("signing", pemBody(second.certificate)),
    );
    expect(parse(xml))
      .to.have.nested.property("identityProviders[0].certificates")
      .deep.equal([pemBody(idp.certificate), pemBody(second.certificate)]);
  });

  it("is read without single logout, and with a wish for signed requests", () => {
    const xml = USUAL.replace(
      /<md:SingleLogoutService[^>]*><\/md:SingleLogoutService>/g,
      "",
    ).replace('WantAuthnRequestsSigned="false"', 'WantAuthnRequestsSigned="true"');
    const { sloUrl: _, ...rest } = ONE;
    expect(parse(xml)).to.deep.equal({
      kind: "metadata",
      identityProviders: [{ ...rest, wantsSignedRequests: true }],
      leftOut: [],
    });
  });

  it("is read with an empty address of single logout, as with none", () => {
    const xml = USUAL.replaceAll("https://idp.example/slo", "");
    const { sloUrl: _, ...rest } = ONE;
    expect(parse(xml)).to.deep.equal({ kind: "metadata", identityProviders: [rest], leftOut: [] });
  });

  const logoutBy = (...services: readonly string[]): string =>
    swap(/<md:SingleLogoutService.*<\/md:SingleLogoutService>/, services.join(""))(USUAL);
  const service = (binding: string, location: string, more = ""): string =>
    `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="${location}"${more}/>`;
  const SLO = "https://idp.example/logout";
  const { sloUrl: _, ...WITHOUT_LOGOUT } = ONE;

  it("is read with another address for logout responses", () => {
    const returned = (location: string) => ` ResponseLocation="${location}"`;
    for (const [services, expected] of [
      [
        [service("HTTP-Redirect", SLO, returned(" https://idp.example/returned\n"))],
        { sloUrl: SLO, sloResponseUrl: "https://idp.example/returned" },
      ],
      [[service("HTTP-Redirect", SLO, returned(""))], { sloUrl: SLO }],
      [[service("HTTP-Redirect", SLO, returned(SLO))], { sloUrl: SLO }],
      [
        [
          service("HTTP-POST", `${SLO}/post`, returned("https://idp.example/other")),
          service("HTTP-Redirect", SLO),
        ],
        { sloUrl: SLO },
      ],
    ] as const) {
      expect(parse(logoutBy(...services))).to.deep.equal({
        kind: "metadata",
        identityProviders: [{ ...WITHOUT_LOGOUT, ...expected }],
        leftOut: [],
      });
    }
    const odd = logoutBy(service("HTTP-Redirect", SLO, returned("javascript:alert(1)")));
    expect(faultIn(odd)).to.include("SingleLogoutService is not a web URL");
  });

  it("is read with logout by HTTP-POST where there is no HTTP-Redirect", () => {
    const returned = ' ResponseLocation="https://idp.example/returned"';
    const xml = logoutBy(service("SOAP", `${SLO}/soap`), service("HTTP-POST", SLO, returned));
    expect(parse(xml)).to.deep.equal({
      kind: "metadata",
      identityProviders: [
        {
          ...WITHOUT_LOGOUT,
          sloUrl: SLO,
          sloResponseUrl: "https://idp.example/returned",
          sloBinding: "post",
        },
      ],
      leftOut: [],
    });
  });

  it("says that logout by other bindings cannot be used", () => {
    const parsed = parse(logoutBy(service("SOAP", SLO), service("HTTP-Artifact", SLO)));
    const [found] = parsed.kind === "metadata" ? parsed.identityProviders : [];
    expect(found).to.not.have.property("sloUrl");
    expect(found?.notes).to.have.length(1);
    expect(found?.notes?.[0]?.message).to.include("not by HTTP-Redirect or HTTP-POST");
  });

  it("is read from a document of several entities, service providers passed over", () => {
    const other = USUAL.replace(idp.entityId, "https://other.example");
    const serviceProvider =
      '<md:EntityDescriptor entityID="https://sp.example"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></md:EntityDescriptor>';
    const xml = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${USUAL}${serviceProvider}<md:EntitiesDescriptor>${other}</md:EntitiesDescriptor></md:EntitiesDescriptor>`;
    expect(parse(xml)).to.deep.equal({
      kind: "metadata",
      identityProviders: [ONE, { ...ONE, entityId: "https://other.example" }],
      leftOut: [],
    });
  });

  it("gives the HTTP-POST endpoint where there is none for HTTP-Redirect", () => {
    expect(parse(USUAL.replaceAll("HTTP-Redirect", "SOAP"))).to.have.deep.property(
      "identityProviders",
      [{ ...ONE, ssoBinding: "post", sloBinding: "post" }],
    );
  });

  it("passes over entities of a document that cannot be used", () => {
    const soap = USUAL.replaceAll(/HTTP-(?:Redirect|POST)/g, "SOAP");
    const expired = USUAL.replace(" entityID", ' validUntil="2020-01-01T00:00:00Z" entityID');
    const xml = (...entities: readonly string[]): string =>
      `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${entities.join("")}</md:EntitiesDescriptor>`;
    const result = parse(xml(soap, expired, USUAL));
    expect(result).to.have.deep.property("identityProviders", [ONE]);
    expect(leftOutOf(result).map(({ code, certificate }) => [code, certificate])).to.deep.equal([
      ["structure-invalid", undefined],
      ["expired", undefined],
    ]);
    expect(faultIn(xml(soap, expired))).to.match(
      /no single sign-on endpoint for the HTTP-Redirect or HTTP-POST binding/,
    );
  });

  it("refuses a whole document of entities that has expired", () => {
    const xml = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" validUntil="2020-01-01T00:00:00Z">${USUAL}</md:EntitiesDescriptor>`;
    expect(faultIn(xml)).to.match(/valid until/);
  });

  const SERVICE_PROVIDER =
    '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></md:EntityDescriptor>';

  for (const [what, text, said] of [
    ["its address", "https://idp.example/metadata.xml?app=1", "a web address"],
    ["an address without its scheme", "www.idp.example/metadata", "a web address"],
    ["the name of its file", "C:\\Users\\ada\\metadata.xml", "the name of a file"],
    ["a sign-in page", "<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"],
    [
      "a sign-in page in XHTML",
      '<?xml version="1.0"?>\n<!-- portal -->\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html/>',
      "a web page",
    ],
    [
      "a sign-in page without a document type",
      '<p xmlns="http://www.w3.org/1999/xhtml">Sign in</p>',
      "a web page",
    ],
    [
      "a browser's view",
      `This XML file does not appear to have any style information.\n${USUAL}`,
      "a browser's view",
    ],
    [
      "a browser's view with fold marks",
      `<?xml version="1.0" encoding="UTF-8"?>\n- ${USUAL.replaceAll("><", ">\n- <")}`,
      "a browser's view",
    ],
    ["a browser's view with triangles", `\u25bc${USUAL}`, "a browser's view"],
    ["a browser's view of the text alone", "idp.example MIIC\nurn:oasis", "not XML"],
    ["escaped XML", USUAL.replaceAll("<", "&lt;"), "escaped XML"],
    ["OpenID Connect settings", '{"issuer":"https://idp.example"}', "JSON"],
    ["a certificate", idp.certificate, "a certificate, not metadata"],
    ["a certificate without its lines", pemBody(idp.certificate), "a certificate, not metadata"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE", "a private key"],
    ["a public key", "-----BEGIN PUBLIC KEY-----\nMIIB", "a public key"],
    ["Base64", Buffer.from(USUAL).toString("base64"), "XML in Base64"],
    ["a service provider's", SERVICE_PROVIDER, 'a service provider, "https://sp.example"'],
    [
      "a SAML message",
      '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"/>',
      'a SAML message ("Response")',
    ],
    ["another document", '<rss version="2.0"/>', 'its root is "rss"'],
    [
      "an identity provider of SAML 1.1",
      USUAL.replace(
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"',
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol"',
      ),
      "supports other versions only",
    ],
  ] as const) {
    it(`names what was pasted instead: ${what}`, () => {
      expect(faultIn(text)).to.include(said);
    });
  }

  it("imports the key's own certificate where its issuer stands first", async () => {
    const name = (value: string) => [{ name: "commonName", value }];
    const ca = await generate(name("issuer.example"), { keySize: 2048 });
    const leaf = await generate(name("idp.example"), {
      keySize: 2048,
      ca: { key: ca.private, cert: ca.cert },
    });
    const chain = [ca.cert, leaf.cert].map(pemBody);
    for (const order of [chain, chain.toReversed()]) {
      const result = parse(
        withKeys(keyDescriptor("signing", order.join("</ds:X509Certificate><ds:X509Certificate>"))),
      );
      expect(result)
        .to.have.nested.property("identityProviders[0].certificates")
        .deep.equal([pemBody(leaf.cert)]);
      const [issuer, ...more] = leftOutOf(result);
      expect(issuer).to.include({
        certificate: order.indexOf(pemBody(ca.cert)) + 1,
        subject: "CN=issuer.example",
        code: "certificate-of-issuer",
      });
      expect(more).to.deep.equal([]);
    }
  });

  const chainOf = (...bodies: readonly string[]): string =>
    keyDescriptor("signing", bodies.join("</ds:X509Certificate><ds:X509Certificate>"));
  const good = pemBody(idp.certificate);
  const signer = makeTestKey();
  const weak = pemBody(certify(withExponent(signer, 3), signer, { subject: "weak" }));
  const short = pemBody(makeTestKey({ kind: "rsa-1024", subject: "short" }).certificate);
  const LEFT_OUT: Readonly<Record<string, readonly [string, object]>> = {
    "one that cannot be read, before another": [
      withKeys(keyDescriptor("signing", "AAAA"), keyDescriptor("signing", good)),
      { certificate: 1, code: "certificate-invalid" },
    ],
    "one that cannot be read, after another": [
      withKeys(keyDescriptor("signing", good), keyDescriptor("signing", "AAAA")),
      { certificate: 2, code: "certificate-invalid" },
    ],
    "one that cannot be read, of the same key": [
      withKeys(chainOf("AAAA", good)),
      { certificate: 1, code: "certificate-invalid" },
    ],
    "one of a short key": [
      withKeys(keyDescriptor("signing", good), keyDescriptor("signing", short)),
      { certificate: 2, subject: "CN=short", code: "key-too-short" },
    ],
    "one of a key with exponent 3": [
      withKeys(keyDescriptor("signing", weak), keyDescriptor("", good)),
      { certificate: 1, subject: "CN=weak", code: "key-exponent-weak" },
    ],
    "a second one of the same key": [
      withKeys(chainOf(good, pemBody(second.certificate))),
      { certificate: 2, subject: "CN=test identity provider", code: "certificate-of-issuer" },
    ],
  };
  for (const [what, [xml, expected]] of Object.entries(LEFT_OUT)) {
    it(`says which certificate is left out, and why: ${what}`, () => {
      const result = parse(xml);
      expect(result).to.have.deep.property("identityProviders", [ONE]);
      const [one, ...more] = leftOutOf(result);
      const { message, text: _text, values: _values, ...rest } = one ?? { message: "" };
      expect(rest).to.deep.equal({ entityId: idp.entityId, ...expected });
      expect(message).to.match(/\.$/);
      expect(more).to.deep.equal([]);
    });
  }

  it("says why none of the certificates can be imported", () => {
    expect(faultIn(withKeys(keyDescriptor("signing", short), keyDescriptor("signing", "AAAA"))))
      .to.include("certificate 1: RSA keys must have at least 2048 bits")
      .and.include("certificate 2: This is not an X.509 certificate");
  });

  const ORDINARY: Readonly<Record<string, string>> = {
    "a style sheet": `<?xml-stylesheet href="x"?>${USUAL}`,
    "the name of another encoding": `<?xml version="1.0" encoding="UTF-16"?>${USUAL}`,
    "the prefix xml declared": USUAL.replace(
      " entityID",
      ' xmlns:xml="http://www.w3.org/XML/1998/namespace" entityID',
    ),
  };
  for (const [what, xml] of Object.entries(ORDINARY)) {
    it(`is read with ${what}`, () => {
      expect(parse(xml)).to.deep.equal({ kind: "metadata", identityProviders: [ONE], leftOut: [] });
    });
  }

  const at = (url: string): string => USUAL.replaceAll("https://idp.example/sso", url);
  const REFUSED: Readonly<Record<string, readonly [xml: string, detail: RegExp]>> = {
    nothing: ["", /there is no text/],
    "a web page": ["<html></html>", /a web page/],
    JSON: ["{}", /this is JSON/],
    "a document type": [`<!DOCTYPE a [<!ENTITY b "c">]>${USUAL}`, /document type/],
    "a script as endpoint": [at("javascript:alert(1)"), /not a web URL/],
    "a file as endpoint": [at("file:///etc/passwd"), /not a web URL/],
    "data as endpoint": [at("data:text/html,x"), /not a web URL/],
    "a relative endpoint": [at("/sso"), /not a web URL/],
    "an endpoint that is no URL": [at("https://"), /not a web URL/],
    "no endpoint that can be used": [
      USUAL.replaceAll(/HTTP-(?:Redirect|POST)/g, "SOAP"),
      /no single sign-on endpoint for the HTTP-Redirect or HTTP-POST binding/,
    ],
    "SAML 1.1 only": [
      USUAL.replace("SAML:2.0:protocol", "SAML:1.1:protocol"),
      /no SAML 2.0 identity provider/,
    ],
    "a service provider": [
      USUAL.replaceAll("IDPSSODescriptor", "SPSSODescriptor"),
      /no SAML 2.0 identity provider/,
    ],
    "no entity ID": [USUAL.replace(/ entityID="[^"]*"/, ""), /has no entityID/],
    "no certificate": [withKeys(""), /no usable signing certificate/],
    "an encryption key only": [
      withKeys(keyDescriptor("encryption", pemBody(idp.certificate))),
      /no usable signing certificate/,
    ],
    "broken certificates only": [
      withKeys(keyDescriptor("signing", "AAAA")),
      /no usable signing certificate/,
    ],
    "what has expired": [
      USUAL.replace(" entityID", ' validUntil="2026-06-01T11:59:59Z" entityID'),
      /valid until/,
    ],
    "what has expired in another zone": [
      USUAL.replace(" entityID", ' validUntil="2026-06-01T13:59:59+02:00" entityID'),
      /valid until/,
    ],
    "what has expired west of Greenwich": [
      USUAL.replace(" entityID", ' validUntil="2026-06-01T06:29:59-05:30" entityID'),
      /valid until/,
    ],
    "what has expired inside": [
      USUAL.replace(
        "<md:IDPSSODescriptor",
        '<md:IDPSSODescriptor validUntil="2020-01-01T00:00:00Z"',
      ),
      /valid until/,
    ],
    "a date that is none": [
      USUAL.replace(" entityID", ' validUntil="soon" entityID'),
      /validUntil/,
    ],
    "two megabytes": [USUAL + " ".repeat(2 * 1024 * 1024), /too large/],
    "elements without end": [`<a>${"<b/>".repeat(150_000)}</a>`, /too many elements/],
  };
  for (const [what, [xml, detail]] of Object.entries(REFUSED)) {
    it(`is refused: ${what}`, () => {
      expect(faultIn(xml)).to.match(detail).and.have.length.below(300);
    });
  }
});
