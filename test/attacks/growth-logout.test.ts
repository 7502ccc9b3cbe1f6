import { deflateRawSync } from "node:zlib";
import { before, describe, it } from "mocha";
import type { ReceivedMessage } from "../../src/ports/identity-port.ts";
import { encryptNameId } from "../../src/testing/signing-idp/encrypt-xml.ts";
import { element, NAMESPACES } from "../../src/testing/signing-idp/xml-text.ts";
import {
  logoutRequestXml,
  logoutResponseXml,
  signedForm,
  signedQuery,
} from "../adapters/saml2-js/support/logout-messages.ts";
import { idp, makeIdentity, NOW, SP, spKey } from "../adapters/saml2-js/support/parties.ts";
import type { Edit } from "./support/build.ts";
import { FILLINGS, inside, requireLinear } from "./support/linear.ts";

/** What fits into a query, and into what a query may decompress to. */
const QUERY_LONG = 28_000;
const INFLATED_LONG = 60_000;

const nameId = element("saml:NameID", { "xmlns:saml": NAMESPACES.saml, Format: "urn:f" }, "ada");
const sealed = encryptNameId(nameId, { to: spKey.certificate });
const REQUEST = logoutRequestXml({ notOnOrAfter: new Date(NOW + 60_000).toISOString() });
const ENCRYPTED = logoutRequestXml({ content: sealed });
const RESPONSE = logoutResponseXml();

const EVERYWHERE: Readonly<Record<string, (text: string) => Edit>> = {
  ID: (text) => inside(/( ID=")[^"]*/, text),
  Version: (text) => inside(/(Version=")[^"]*/, text),
  IssueInstant: (text) => inside(/(IssueInstant=")[^"]*/, text),
  Destination: (text) => inside(/(Destination=")[^"]*/, text),
  Issuer: (text) => inside(/(<saml:Issuer[^>]*>)[^<]*/, text),
  "white space inside a tag": (text) => inside(/(<saml:Issuer)/, ` ${text}`),
  "before the document": (text) => (xml) => text + xml,
  "behind the document": (text) => (xml) => xml + text,
};

const REQUEST_PLACES: typeof EVERYWHERE = {
  ...EVERYWHERE,
  NotOnOrAfter: (text) => inside(/(NotOnOrAfter=")[^"]*/, text),
  NameID: (text) => inside(/(<saml:NameID[^>]*>)[^<]*/, text),
  "Format of the NameID": (text) => inside(/( Format=")[^"]*/, text),
  SessionIndex: (text) => inside(/(<samlp:SessionIndex>)[^<]*/, text),
};

const ENCRYPTED_PLACES: typeof EVERYWHERE = {
  "CipherValue of the key": (text) =>
    inside(/(<xenc:EncryptedKey[\s\S]*?<xenc:CipherValue>)[^<]*/, text),
  "CipherValue of the data": (text) =>
    inside(/(<\/ds:KeyInfo>[\s\S]*?<xenc:CipherValue>)[^<]*/, text),
  "algorithm of the data": (text) => inside(/(<xenc:EncryptionMethod Algorithm=")[^"]*/, text),
};

const RESPONSE_PLACES: typeof EVERYWHERE = {
  ...EVERYWHERE,
  InResponseTo: (text) => inside(/(InResponseTo=")[^"]*/, text),
  "Value of the status": (text) => inside(/(<samlp:StatusCode Value=")[^"]*/, text),
};

const MESSAGES = [
  ["SAMLRequest", REQUEST, REQUEST_PLACES],
  ["SAMLRequest", ENCRYPTED, ENCRYPTED_PLACES],
  ["SAMLResponse", RESPONSE, RESPONSE_PLACES],
] as const;

describe("the time for logout messages", () => {
  const { identity } = makeIdentity();
  const receive = (message: ReceivedMessage) => async () => {
    await identity.verifyLogout(SP, idp.connection(), message, NOW);
    identity.claimedLogoutResponse(message);
  };
  const post = (form: Readonly<Record<string, string>>) => receive({ binding: "post", form });
  const redirect = (rawQuery: string) => receive({ binding: "redirect", rawQuery });
  const unsigned = (parameter: string, xml: string) =>
    post({ [parameter]: Buffer.from(xml).toString("base64") });

  before(async () => {
    for (let times = 0; times < 30; times += 1) {
      for (const [parameter, xml] of MESSAGES) await post(signedForm(parameter, xml))();
    }
  });

  for (const [filling, fill] of Object.entries(FILLINGS)) {
    it(`grows with their length only, before anything is verified: ${filling}`, async () => {
      for (const [parameter, xml, places] of MESSAGES) {
        for (const [place, edit] of Object.entries(places)) {
          const what = `${parameter}, ${place}: ${filling}`;
          await requireLinear("stranger", what, (length) =>
            unsigned(parameter, edit(fill(length))(xml)),
          );
          // A stranger may put anything before a signature that does not fit.
          await requireLinear(
            "stranger",
            `${what}, compressed`,
            (length) => {
              const compressed = deflateRawSync(edit(fill(length))(xml)).toString("base64");
              const [, ...signature] = signedQuery(xml, { parameter }).split("&");
              const message = `${parameter}=${encodeURIComponent(compressed)}`;
              return redirect([message, ...signature].join("&"));
            },
            INFLATED_LONG,
          );
        }
      }
      for (const name of ["SAMLRequest", "RelayState", "SigAlg", "Signature", "x"]) {
        const query = signedQuery(REQUEST, { relayState: "r" });
        await requireLinear(
          "stranger",
          `${name} of the query: ${filling}`,
          (length) => {
            const text = fill(length).replace(/[&#]/g, "");
            return redirect(
              query.includes(`${name}=`)
                ? query.replace(new RegExp(`${name}=[^&]*`), () => `${name}=${text}`)
                : `${query}&${name}=${text}`,
            );
          },
          QUERY_LONG,
        );
        await requireLinear("stranger", `${name} of the form: ${filling}`, (length) =>
          post({ ...signedForm("SAMLRequest", REQUEST), [name]: fill(length) }),
        );
      }
    });

    it(`grows with their length only, where the identity provider signs: ${filling}`, async () => {
      for (const [parameter, xml, places] of MESSAGES) {
        for (const [place, edit] of Object.entries(places)) {
          const what = `${parameter}, ${place}, signed: ${filling}`;
          await requireLinear("provider", what, (length) =>
            post(signedForm(parameter, edit(fill(length))(xml))),
          );
          await requireLinear(
            "provider",
            `${what}, compressed`,
            (length) => redirect(signedQuery(edit(fill(length))(xml), { parameter })),
            INFLATED_LONG,
          );
        }
      }
      await requireLinear("provider", `an encrypted NameID: ${filling}`, (length) => {
        const inside = nameId.replace(">ada<", `>${fill(length / 2)}<`);
        const content = encryptNameId(inside, { to: spKey.certificate });
        return post(signedForm("SAMLRequest", logoutRequestXml({ content })));
      });
    });

    it(`grows with the length of what is sent back only: ${filling}`, async () => {
      for (const sloBinding of ["redirect", "post"] as const) {
        await requireLinear("provider", `RelayState by ${sloBinding}: ${filling}`, (length) => {
          const answer = {
            inResponseTo: "_x",
            status: "success" as const,
            relayState: fill(length),
          };
          return () => identity.logoutResponse(SP, idp.connection({ sloBinding }), answer);
        });
        await requireLinear("provider", `NameID by ${sloBinding}: ${filling}`, (length) => {
          const subject = { nameId: { value: fill(length), format: "x" }, sessionIndexes: [] };
          return () => identity.logoutRequest(SP, idp.connection({ sloBinding }), subject);
        });
      }
    });
  }
});
