import { type Attack, over } from "../support/attack.ts";
import { swap } from "../support/build.ts";
import { VICTIM } from "../support/parties.ts";

const NESTED = `<saml:Attribute Name="mail"><saml:AttributeValue>${VICTIM}</saml:AttributeValue></saml:Attribute>`;

/** What nobody signs, and a reader that looks for names anywhere may find. */
const STRAYS: Readonly<Record<string, string>> = {
  Status:
    '<samlp:Status xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"></samlp:StatusCode></samlp:Status>',
  StatusCode:
    '<samlp:StatusCode xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Value="x"></samlp:StatusCode>',
  CipherData: '<xenc:CipherData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"></xenc:CipherData>',
  CipherValue:
    '<xenc:CipherValue xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">AAAA</xenc:CipherValue>',
};

/** Rightly signed, and read in two ways: saml2-js finds something where our own reading does not look. */
export const secondReading: readonly Attack[] = [
  ...over(
    "second reading: an attribute within another's value",
    "readings-disagree",
    { assertion: swap(">Mallory<", `>${NESTED}<`) },
    ["assertion", "response", "both", "encrypted-assertion", "encrypted-response"],
  ),
  ...over(
    "second reading: an attribute in Advice",
    ["readings-disagree", "second-reading-failed"],
    {
      assertion: swap(
        "<saml:AuthnStatement",
        `<saml:Advice><saml:AttributeStatement>${NESTED}</saml:AttributeStatement></saml:Advice><saml:AuthnStatement`,
      ),
    },
    ["assertion", "response", "encrypted-both"],
  ),
  ...Object.entries(STRAYS).flatMap(([name, element]) =>
    over(
      `second reading: a ${name} in the KeyInfo of the signature`,
      "structure-invalid",
      { sent: swap("<ds:X509Data>", `${element}<ds:X509Data>`) },
      ["assertion", "response", "both"],
    ),
  ),
];
