import { type Attack, over } from "../support/attack.ts";
import { swap } from "../support/build.ts";
import { VICTIM } from "../support/parties.ts";

const NESTED = `<saml:Attribute Name="mail"><saml:AttributeValue>${VICTIM}</saml:AttributeValue></saml:Attribute>`;

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
];
