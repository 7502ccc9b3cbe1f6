import { type Attack, over } from "../support/attack.ts";
import { type Base, type Edit, freshId } from "../support/build.ts";
import { MALLORY, VICTIM } from "../support/parties.ts";

const SIGNATURE = /<ds:Signature .*?<\/ds:Signature>/s;
const refused = [
  "structure-invalid",
  "id-invalid",
  "signature-reference-invalid",
  "signature-structure-invalid",
] as const;
const ASSERTION: readonly Base[] = ["assertion", "both"];
const RESPONSE: readonly Base[] = ["response", "both"];

interface Parts {
  readonly whole: string;
  readonly assertion: string;
  readonly signature: string;
  /** The assertion about the victim, without a signature. */
  readonly evil: string;
}

function parts(xml: string): Parts {
  const assertion = /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)?.[0] ?? "";
  const signature = SIGNATURE.exec(assertion)?.[0] ?? "";
  const evil = assertion
    .replace(signature, "")
    .replaceAll(MALLORY, VICTIM)
    .replace(/ ID="[^"]*"/, ` ID="${freshId()}"`);
  return { whole: xml, assertion, signature, evil };
}

/** Replaces the signed assertion by what `forge` makes of the parts. */
function assertionWrapped(forge: (parts: Parts) => string): { readonly sent: Edit } {
  return {
    sent: (xml) => {
      const found = parts(xml);
      return xml.replace(found.assertion, () => forge(found));
    },
  };
}

function before(xml: string, tag: string, inserted: string): string {
  return xml.replace(tag, () => `${inserted}${tag}`);
}

/** The response about the victim, with the signed one put by `place` somewhere within. */
function responseWrapped(place: (evil: string, signed: string, signature: string) => string): {
  readonly sent: Edit;
} {
  return {
    sent: (xml) => {
      const signature = SIGNATURE.exec(xml)?.[0] ?? "";
      const evil = xml
        .replace(signature, "")
        .replaceAll(MALLORY, VICTIM)
        .replace(/ ID="[^"]*"/, ` ID="${freshId()}"`);
      return place(evil, xml, signature);
    },
  };
}

const unsignedOf = (signed: string, signature: string): string => signed.replace(signature, "");
const object = (content: string): string => `<ds:Object>${content}</ds:Object></ds:Signature>`;

/**
 * Signature wrapping: the signed element is kept, where nobody reads it, and another one is read.
 * The eight classic forms are numbered as in "On Breaking SAML" (USENIX Security 2012).
 */
export const wrapping: readonly Attack[] = [
  ...over(
    "wrapping 1: forged response, the signed one in its signature",
    refused,
    responseWrapped((evil, signed, signature) =>
      evil.replace(
        "</saml:Issuer>",
        () =>
          `</saml:Issuer>${signature.replace("</ds:Signature>", () => object(unsignedOf(signed, signature)))}`,
      ),
    ),
    RESPONSE,
  ),
  ...over(
    "wrapping 2: forged response, the signed one before its signature",
    refused,
    responseWrapped((evil, signed, signature) =>
      evil.replace(
        "</saml:Issuer>",
        () => `</saml:Issuer>${unsignedOf(signed, signature)}${signature}`,
      ),
    ),
    RESPONSE,
  ),
  ...over(
    "wrapping 3: forged assertion before the signed one",
    refused,
    assertionWrapped(({ evil, assertion }) => evil + assertion),
    ASSERTION,
  ),
  ...over(
    "wrapping 4: forged assertion around the signed one",
    refused,
    assertionWrapped(({ evil, assertion }) => before(evil, "</saml:Assertion>", assertion)),
    ASSERTION,
  ),
  ...over(
    "wrapping 5: the signature in the forged assertion, the signed one at the end",
    refused,
    assertionWrapped(
      ({ evil, assertion, signature }) =>
        evil.replace("</saml:Issuer>", () => `</saml:Issuer>${signature}`) +
        assertion.replace(signature, ""),
    ),
    ASSERTION,
  ),
  ...over(
    "wrapping 6: the signed assertion in the signature of the forged one",
    refused,
    assertionWrapped(({ evil, assertion, signature }) =>
      evil.replace(
        "</saml:Issuer>",
        () =>
          `</saml:Issuer>${signature.replace("</ds:Signature>", () => object(assertion.replace(signature, "")))}`,
      ),
    ),
    ASSERTION,
  ),
  ...over(
    "wrapping 7: the signed assertion in Extensions",
    refused,
    assertionWrapped(
      ({ evil, assertion }) => `<samlp:Extensions>${assertion}</samlp:Extensions>${evil}`,
    ),
    ASSERTION,
  ),
  ...over(
    "wrapping 8: the signed assertion in an Object of the forged one's signature",
    refused,
    assertionWrapped(({ evil, assertion, signature }) =>
      evil.replace(
        "</saml:Issuer>",
        () => `</saml:Issuer>${signature.replace("</ds:Signature>", () => object(assertion))}`,
      ),
    ),
    ASSERTION,
  ),
  ...over(
    "wrapping: forged assertion behind the signed one",
    refused,
    assertionWrapped(({ evil, assertion }) => assertion + evil),
    ASSERTION,
  ),
  ...over(
    "wrapping: both assertions have one ID",
    refused,
    assertionWrapped(({ evil, assertion }) => {
      const id = / ID="([^"]*)"/.exec(assertion)?.[1] ?? "";
      return evil.replace(/ ID="[^"]*"/, ` ID="${id}"`) + assertion;
    }),
    ASSERTION,
  ),
  ...over(
    "wrapping: the signed assertion in Advice",
    refused,
    assertionWrapped(({ evil, assertion }) =>
      before(evil, "<saml:AuthnStatement", `<saml:Advice>${assertion}</saml:Advice>`),
    ),
    ASSERTION,
  ),
  ...over(
    "wrapping: the signed assertion in an attribute's value",
    refused,
    assertionWrapped(({ evil, assertion }) => evil.replace(">Mallory<", () => `>${assertion}<`)),
    ASSERTION,
  ),
  ...over(
    "wrapping: the signed assertion in SubjectConfirmationData",
    refused,
    assertionWrapped(({ evil, assertion }) =>
      before(evil, "</saml:SubjectConfirmationData>", assertion),
    ),
    ASSERTION,
  ),
  ...over(
    "wrapping: the signed assertion in StatusDetail",
    refused,
    {
      sent: (xml) => {
        const { assertion, evil } = parts(xml);
        return before(
          xml.replace(assertion, () => evil),
          "</samlp:Status>",
          `<samlp:StatusDetail>${assertion}</samlp:StatusDetail>`,
        );
      },
    },
    ASSERTION,
  ),
  ...over(
    "wrapping: an assertion in the signature's KeyInfo",
    refused,
    assertionWrapped(({ assertion, evil }) => before(assertion, "</ds:KeyInfo>", evil)),
    ASSERTION,
  ),
  ...over(
    "wrapping: forged root around the signed response",
    refused,
    responseWrapped((evil, signed) => before(evil, "</samlp:Response>", signed)),
    RESPONSE,
  ),
  ...over(
    "wrapping: the signed response in Extensions",
    refused,
    responseWrapped((evil, signed) =>
      before(evil, "<samlp:Status>", `<samlp:Extensions>${signed}</samlp:Extensions>`),
    ),
    RESPONSE,
  ),
  ...over("wrapping: an unknown root", refused, { sent: (xml) => `<x xmlns="urn:x">${xml}</x>` }, [
    "assertion",
    "response",
    "both",
    "encrypted-both",
  ]),
  ...over(
    "wrapping: a SOAP envelope",
    refused,
    {
      sent: (xml) =>
        `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${xml}</e:Body></e:Envelope>`,
    },
    ["response", "assertion"],
  ),
  ...over(
    "wrapping: a forged response beside the signed one under one root",
    refused,
    responseWrapped((evil, signed) => `<x xmlns="urn:x">${evil}${signed}</x>`),
    RESPONSE,
  ),
];
