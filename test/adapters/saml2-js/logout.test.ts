import { expect } from "chai";
import { describe, it } from "mocha";
import { DEFAULT_TIME_LIMITS } from "../../../src/adapters/saml2-js/identity.ts";
import type { Rejection, RejectionCode } from "../../../src/domain/rejection.ts";
import type { IdentityProvider, WeakAlgorithm } from "../../../src/domain/settings.ts";
import type { ReceivedMessage, VerifiedLogout } from "../../../src/ports/identity-port.ts";
import { makeTestKey, reissue } from "../../../src/testing/signing-idp/certificate.ts";
import {
  encryptNameId,
  type XmlEncryptionOptions,
} from "../../../src/testing/signing-idp/encrypt-xml.ts";
import { element, NAMESPACES } from "../../../src/testing/signing-idp/xml-text.ts";
import {
  type LogoutOptions,
  logoutRequestXml,
  logoutResponseXml,
  signedForm,
  signedQuery,
} from "./support/logout-messages.ts";
import { idp, makeIdentity, NOW, refused, SP, spKey } from "./support/parties.ts";

const { clockSkewMs, maxUnsolicitedAgeMs } = DEFAULT_TIME_LIMITS;
const { identity } = makeIdentity();

function receive(
  message: ReceivedMessage,
  connection: Partial<IdentityProvider> = {},
): Promise<VerifiedLogout | Rejection> {
  return identity.verifyLogout(SP, idp.connection(connection), message, NOW);
}

const BINDINGS = {
  "HTTP-Redirect": (parameter: "SAMLRequest" | "SAMLResponse", xml: string): ReceivedMessage => ({
    binding: "redirect",
    rawQuery: signedQuery(xml, { parameter }),
  }),
  "HTTP-POST": (parameter: "SAMLRequest" | "SAMLResponse", xml: string): ReceivedMessage => ({
    binding: "post",
    form: signedForm(parameter, xml),
  }),
};

const at = (ms: number): string => new Date(NOW + ms).toISOString();
/** An EncryptedID, for our key if for no other. */
function sealed(options: Partial<XmlEncryptionOptions> = {}, xml: string = nameId): string {
  return encryptNameId(xml, { to: spKey.certificate, ...options });
}

const nameId = element("saml:NameID", { "xmlns:saml": NAMESPACES.saml }, "x");

const BOTH_KINDS: Readonly<Record<string, readonly [LogoutOptions, RejectionCode]>> = {
  "another issuer": [{ issuer: "https://other.example" }, "issuer-mismatch"],
  "no issuer": [{ issuer: "" }, "issuer-mismatch"],
  "another destination": [{ destination: SP.acsUrl }, "destination-mismatch"],
  "no destination": [{ destination: "" }, "destination-missing"],
  "another version": [{ version: "1.1" }, "version-unsupported"],
  "no version": [{ version: "" }, "version-unsupported"],
  "no time": [{ issueInstant: "" }, "time-invalid"],
  "a time in another zone": [{ issueInstant: "2026-06-01T14:00:00+02:00" }, "time-invalid"],
  "a time in the future": [{ issueInstant: at(clockSkewMs + 1) }, "not-yet-valid"],
  "a time long ago": [{ issueInstant: at(-maxUnsolicitedAgeMs - clockSkewMs) }, "too-old"],
};

const REQUESTS: Readonly<Record<string, readonly [LogoutOptions, RejectionCode]>> = {
  "that has expired": [{ notOnOrAfter: at(-clockSkewMs) }, "expired"],
  "without a NameID": [{ content: "" }, "name-id-missing"],
  "with two NameIDs": [{ content: nameId + nameId }, "subject-invalid"],
  "with an empty NameID": [
    { content: element("saml:NameID", { "xmlns:saml": NAMESPACES.saml }, "") },
    "name-id-missing",
  ],
  "with a NameID and an EncryptedID": [{ content: nameId + sealed() }, "subject-invalid"],
  "with an EncryptedID and a NameID": [{ content: sealed() + nameId }, "name-id-encrypted"],
  "with two EncryptedIDs": [{ content: sealed() + sealed() }, "name-id-encrypted"],
  "with an empty EncryptedID": [
    { content: element("saml:EncryptedID", { "xmlns:saml": NAMESPACES.saml }) },
    "encryption-structure-invalid",
  ],
  "with a NameID under a weak cipher": [
    { content: sealed({ cipher: "tripledes-cbc" }) },
    "algorithm-not-allowed",
  ],
  ...Object.fromEntries(
    Object.entries({
      "encrypted for another key": sealed({ to: makeTestKey().certificate }),
      "cut short": sealed().replace(/(<\/ds:KeyInfo>.*<xenc:CipherValue>.{24})[^<]*/, "$1"),
      "of another element": sealed({}, nameId.replaceAll("NameID", "Issuer")),
      "of an assertion": sealed({}, nameId.replaceAll("NameID", "Assertion")),
      "of another namespace": sealed({}, nameId.replace(NAMESPACES.saml, "urn:x")),
      "of an EncryptedID": sealed({}, sealed()),
      "of two elements": sealed({}, nameId + nameId),
      "of an empty NameID": sealed({}, nameId.replace(">x<", "><")),
      "of a NameID with a comment": sealed({}, nameId.replace(">x<", ">x<!-- -->y<")),
      "of a NameID with an element": sealed({}, nameId.replace(">x<", "><saml:b></saml:b><")),
      "of no XML": sealed({}, "x"),
      "of a prefix that only the message around declares": sealed(
        {},
        "<samlp:NameID></samlp:NameID>",
      ),
    }).map(([what, content]) => [
      `with an encrypted NameID ${what}`,
      [{ content }, "decryption-failed"] as const,
    ]),
  ),
};

const ENCRYPTIONS: readonly (readonly [
  what: string,
  options: Partial<XmlEncryptionOptions>,
  weak: readonly WeakAlgorithm[],
])[] = [
  ["AES-256-GCM", {}, []],
  ["AES-128-CBC, as Lasso has it", { cipher: "aes128-cbc" }, []],
  ["the key beside the data", { encryptedKey: "sibling" }, []],
  ["AES-256-CBC, the key beside the data", { cipher: "aes256-cbc", encryptedKey: "sibling" }, []],
  ["RSA-OAEP with SHA-256", { keyTransport: "rsa-oaep" }, []],
  ["3DES, where it is allowed", { cipher: "tripledes-cbc" }, ["triple-des"]],
];

const RESPONSES: Readonly<Record<string, readonly [LogoutOptions, RejectionCode]>> = {
  "to no request": [{ inResponseTo: "" }, "in-response-to-mismatch"],
  "without a status": [{ content: "" }, "structure-invalid"],
};

for (const [binding, send] of Object.entries(BINDINGS)) {
  describe(`logout by ${binding}`, () => {
    it("takes a request of the identity provider", async () => {
      expect(await receive(send("SAMLRequest", logoutRequestXml()))).to.deep.equal({
        kind: "logout-request",
        id: "_logout",
        issuer: idp.entityId,
        subject: {
          nameId: { value: "ada@customer.example", format: "urn:example:format" },
          sessionIndexes: ["_session-1", "_session-2"],
        },
        replayableUntil: NOW + maxUnsolicitedAgeMs + 2 * clockSkewMs,
      });
    });

    it("takes a response of the identity provider, and says how it went", async () => {
      const status = "urn:oasis:names:tc:SAML:2.0:status:";
      const code = (value: string, ...below: readonly string[]) =>
        element("samlp:StatusCode", { Value: status + value }, ...below);
      for (const [written, read] of [
        [code("Success"), "success"],
        [code("Success", code("PartialLogout")), "partial"],
        [code("Success", code("RequestDenied")), "success"],
        [code("Responder", code("PartialLogout")), "failed"],
        [code("Responder"), "failed"],
        [code("Requester"), "failed"],
        [code("PartialLogout"), "failed"],
      ] as const) {
        const content = element("samlp:Status", {}, written);
        expect(await receive(send("SAMLResponse", logoutResponseXml({ content })))).to.include({
          kind: "logout-response",
          inResponseTo: "_our-request",
          status: read,
        });
      }
    });

    it("says what an authentic request is answered with, and no other", async () => {
      const request = (options: LogoutOptions) => send("SAMLRequest", logoutRequestXml(options));
      for (const [options] of [...Object.values(BOTH_KINDS), ...Object.values(REQUESTS)]) {
        const rejected = await receive(request({ ...options, id: "_r" }));
        if (options.destination === SP.acsUrl) expect(rejected).to.not.have.property("request");
        else expect(rejected).to.deep.include({ request: { id: "_r" } });
        const response = send("SAMLResponse", logoutResponseXml(options));
        expect(await receive(response)).to.not.have.property("request");
      }
      const stranger = { certificates: [makeTestKey().certificate] };
      expect(await receive(request({}), stranger)).to.not.have.property("request");
    });

    it("reads what a response claims to answer, verified or not", () => {
      const claimed = (xml: string, parameter: "SAMLRequest" | "SAMLResponse" = "SAMLResponse") =>
        identity.claimedLogoutResponse(send(parameter, xml));
      const ours = { inResponseTo: "_our-request" };
      expect(claimed(logoutResponseXml())).to.deep.equal(ours);
      expect(claimed(logoutResponseXml({ issuer: "https://x.example" }))).to.deep.equal(ours);
      expect(claimed(logoutResponseXml({ inResponseTo: "" }))).to.deep.equal({});
      expect(claimed("<a>")).to.deep.equal({});
      expect(claimed(logoutRequestXml())).to.equal(undefined);
      expect(claimed(logoutRequestXml(), "SAMLRequest")).to.equal(undefined);
      expect(claimed(logoutResponseXml(), "SAMLRequest")).to.equal(undefined);
    });

    for (const [what, [options, code]] of Object.entries(BOTH_KINDS)) {
      it(`refuses ${what}, in requests and responses`, async () => {
        const request = refused(
          await receive(send("SAMLRequest", logoutRequestXml(options))),
          code,
        );
        const response = refused(
          await receive(send("SAMLResponse", logoutResponseXml(options))),
          code,
        );
        expect([request.authenticated, response.authenticated]).to.deep.equal([true, true]);
      });
    }
    for (const [what, [options, code]] of Object.entries(REQUESTS)) {
      it(`refuses a request ${what}`, async () => {
        refused(await receive(send("SAMLRequest", logoutRequestXml(options))), code);
      });
    }
    for (const [what, [options, code]] of Object.entries(RESPONSES)) {
      it(`refuses a response ${what}`, async () => {
        refused(await receive(send("SAMLResponse", logoutResponseXml(options))), code);
      });
    }

    for (const [what, options, weak] of ENCRYPTIONS) {
      it(`takes a request with an encrypted NameID, ${what}`, async () => {
        const inside = element(
          "saml:NameID",
          { "xmlns:saml": NAMESPACES.saml, Format: "urn:example:format", SPNameQualifier: "sp" },
          "ada@customer.example",
        );
        const content = sealed(options, inside) + element("samlp:SessionIndex", {}, "_session-1");
        const message = send("SAMLRequest", logoutRequestXml({ content }));
        const result = await receive(message, { weakAlgorithms: weak });
        expect(result).to.deep.include({
          kind: "logout-request",
          subject: {
            nameId: {
              value: "ada@customer.example",
              format: "urn:example:format",
              spNameQualifier: "sp",
            },
            sessionIndexes: ["_session-1"],
          },
        });
      });
    }

    it("takes an encrypted NameID that borrows the prefix of the EncryptedID", async () => {
      const content = sealed({}, "<saml:NameID>ada</saml:NameID>");
      expect(await receive(send("SAMLRequest", logoutRequestXml({ content })))).to.deep.include({
        kind: "logout-request",
      });
    });

    it("takes an encrypted NameID for a retiring key of ours", async () => {
      const keys = [makeTestKey(), { ...spKey, use: "retiring" }] as const;
      const { identity: rolled, logged } = makeIdentity({ keys });
      const message = send("SAMLRequest", logoutRequestXml({ content: sealed() }));
      const result = await rolled.verifyLogout(SP, idp.connection(), message, NOW);
      expect(result.kind).to.equal("logout-request");
      expect(logged).to.deep.equal([{ event: "saml.retiring-key-used", issuer: idp.entityId }]);
    });

    it("decrypts nothing before the message and its addressee are verified", async () => {
      const { identity: keyless } = makeIdentity({ keys: [] });
      const ask = (message: ReceivedMessage, connection: Partial<IdentityProvider> = {}) =>
        keyless.verifyLogout(SP, idp.connection(connection), message, NOW);
      const sealedRequest = (options: LogoutOptions = {}) =>
        send("SAMLRequest", logoutRequestXml({ content: sealed(), ...options }));
      refused(await ask(sealedRequest()), "decryption-key-missing");
      refused(
        await ask(sealedRequest(), { certificates: [makeTestKey().certificate] }),
        "signature-invalid",
      );
      for (const [options, code] of Object.values(BOTH_KINDS)) {
        refused(await ask(sealedRequest(options)), code);
      }
    });

    it("takes white space around Destination, and an empty NotOnOrAfter", async () => {
      const options = { destination: `\n ${SP.sloUrl} `, notOnOrAfter: " " };
      const xml = logoutRequestXml(options).replaceAll("\n", "&#xA;");
      expect((await receive(send("SAMLRequest", xml))).kind).to.equal("logout-request");
    });

    it("takes times up to their edges", async () => {
      for (const options of [
        { issueInstant: at(clockSkewMs) },
        { issueInstant: at(-maxUnsolicitedAgeMs - clockSkewMs + 1) },
        { notOnOrAfter: at(-clockSkewMs + 1) },
      ]) {
        const result = await receive(send("SAMLRequest", logoutRequestXml(options)));
        expect(result.kind).to.equal("logout-request");
      }
    });

    it("refuses an expired certificate unless the connection accepts it", async () => {
      const certificates = [reissue(idp.key, { notAfter: NOW - 86_400_000 }).certificate];
      const message = send("SAMLRequest", logoutRequestXml());
      refused(await receive(message, { certificates }), "certificate-expired");
      const accepted = await receive(message, { certificates, acceptExpiredCertificates: true });
      expect(accepted.kind).to.equal("logout-request");
    });

    it("refuses a response to a sign-in that was sent here", async () => {
      const { xml } = idp.respond({
        acsUrl: SP.sloUrl,
        audience: SP.entityId,
        email: "a@b.example",
      });
      refused(
        await receive(send("SAMLResponse", xml.replace(/<ds:Signature.*<\/ds:Signature>/, ""))),
        "structure-invalid",
      );
    });
  });
}

describe("logout by HTTP-POST alone", () => {
  const post = (form: unknown): ReturnType<typeof receive> => receive({ binding: "post", form });

  it("gives the RelayState back, unless it is empty", async () => {
    const form = signedForm("SAMLRequest", logoutRequestXml());
    expect(await post({ ...form, RelayState: "x" })).to.include({ relayState: "x" });
    expect(await post({ ...form, RelayState: "" })).to.not.have.property("relayState");
    expect(await post({ ...form, RelayState: ["x", "y"] })).to.not.have.property("relayState");
  });

  it("refuses what is not signed", async () => {
    const SAMLRequest = Buffer.from(logoutRequestXml()).toString("base64");
    refused(await post({ SAMLRequest }), "signature-missing");
  });

  it("refuses what was changed after it was signed", async () => {
    const { SAMLRequest = "" } = signedForm("SAMLRequest", logoutRequestXml());
    const changed = Buffer.from(SAMLRequest, "base64").toString().replace("ada@", "eve@");
    refused(
      await post({ SAMLRequest: Buffer.from(changed).toString("base64") }),
      "signature-invalid",
    );
  });

  for (const [what, form] of Object.entries<unknown>({
    nothing: undefined,
    null: null,
    text: "SAMLRequest=x",
    "an empty form": {},
    "another field": { saml: "x" },
  })) {
    it(`refuses ${what} as a form`, async () => {
      refused(await post(form), "message-missing");
    });
  }

  it("finds no claim in anything but one message", () => {
    const claims = (form: unknown) => identity.claimedLogoutResponse({ binding: "post", form });
    for (const form of [undefined, {}, { SAMLResponse: ["a", "b"] }, { x: "y" }]) {
      expect(claims(form)).to.equal(undefined);
    }
    const { SAMLResponse } = signedForm("SAMLResponse", logoutResponseXml());
    expect(claims({ SAMLResponse, SAMLRequest: "x" })).to.equal(undefined);
    expect(claims({ SAMLResponse: "%" })).to.deep.equal({});
    for (const rawQuery of ["", "x=y", "SAMLResponse=a&SAMLResponse=b", "SAMLRequest=a"]) {
      const claimed = identity.claimedLogoutResponse({ binding: "redirect", rawQuery });
      expect(claimed).to.equal(undefined);
    }
  });

  it("refuses fields that are no single text", async () => {
    for (const SAMLRequest of [["a", "b"], { length: 2e8 }, 7, null, true]) {
      refused(await post({ SAMLRequest }), "message-ambiguous");
    }
    refused(await post({ SAMLRequest: "x", SAMLResponse: "x" }), "message-ambiguous");
  });
});
