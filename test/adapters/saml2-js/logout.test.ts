import { expect } from "chai";
import { describe, it } from "mocha";
import { DEFAULT_TIME_LIMITS } from "../../../src/adapters/saml2-js/identity.ts";
import type { Rejection, RejectionCode } from "../../../src/domain/rejection.ts";
import type { Connection } from "../../../src/domain/settings.ts";
import type { LogoutMessage, VerifiedLogout } from "../../../src/ports/identity-port.ts";
import { reissue } from "../../../src/testing/signing-idp/certificate.ts";
import { element, NAMESPACES } from "../../../src/testing/signing-idp/xml-text.ts";
import {
  type LogoutOptions,
  logoutRequestXml,
  logoutResponseXml,
  signedForm,
  signedQuery,
} from "./support/logout-messages.ts";
import { idp, makeIdentity, NOW, refused, SP } from "./support/parties.ts";

const { clockSkewMs, maxUnsolicitedAgeMs } = DEFAULT_TIME_LIMITS;
const { identity } = makeIdentity();

function receive(
  message: LogoutMessage,
  connection: Partial<Connection> = {},
): Promise<VerifiedLogout | Rejection> {
  return identity.verifyLogout(SP, idp.connection(connection), message, NOW);
}

const BINDINGS = {
  "HTTP-Redirect": (parameter: "SAMLRequest" | "SAMLResponse", xml: string): LogoutMessage => ({
    binding: "redirect",
    rawQuery: signedQuery(xml, { parameter }),
  }),
  "HTTP-POST": (parameter: "SAMLRequest" | "SAMLResponse", xml: string): LogoutMessage => ({
    binding: "post",
    form: signedForm(parameter, xml),
  }),
};

const at = (ms: number): string => new Date(NOW + ms).toISOString();
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
  "with an encrypted NameID": [
    { content: element("saml:EncryptedID", { "xmlns:saml": NAMESPACES.saml }) },
    "name-id-encrypted",
  ],
};

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

    it("takes a response of the identity provider, and says whether it succeeded", async () => {
      const partial = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout";
      expect(await receive(send("SAMLResponse", logoutResponseXml()))).to.include({
        kind: "logout-response",
        inResponseTo: "_our-request",
        succeeded: true,
      });
      expect(
        await receive(send("SAMLResponse", logoutResponseXml({ status: partial }))),
      ).to.include({
        succeeded: false,
      });
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

  it("gives the RelayState back", async () => {
    const form = { ...signedForm("SAMLRequest", logoutRequestXml()), RelayState: "x" };
    expect(await post(form)).to.include({ relayState: "x" });
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

  it("refuses fields that are no single text", async () => {
    for (const SAMLRequest of [["a", "b"], { length: 2e8 }, 7, null, true]) {
      refused(await post({ SAMLRequest }), "message-ambiguous");
    }
    refused(await post({ SAMLRequest: "x", SAMLResponse: "x" }), "message-ambiguous");
  });
});
