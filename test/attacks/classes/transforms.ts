import { type Attack, over } from "../support/attack.ts";
import { type Base, type Edit, swap } from "../support/build.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-assertion"];
const REFUSED = ["algorithm-not-allowed", "signature-structure-invalid"] as const;
const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const TRANSFORMS = /<ds:Transforms>.*?<\/ds:Transforms>/s;

const transform = (algorithm: string, content = ""): string =>
  `<ds:Transform Algorithm="${algorithm}">${content}</ds:Transform>`;

/** The identity provider signs these transforms instead of its own two. */
function signedWith(...list: readonly string[]): { readonly signature: { editSignedInfo: Edit } } {
  const written = `<ds:Transforms>${list.join("")}</ds:Transforms>`;
  return { signature: { editSignedInfo: swap(TRANSFORMS, written) } };
}

const enveloped = transform(ENVELOPED);
const exclusive = transform(EXCLUSIVE);
const XPATH = transform(
  "http://www.w3.org/TR/1999/REC-xpath-19991116",
  "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>",
);
const XPATH_2 = transform(
  "http://www.w3.org/2002/06/xmldsig-filter2",
  '<f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">/*</f:XPath>',
);
const XSLT = transform(
  "http://www.w3.org/TR/1999/REC-xslt-19991116",
  '<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform" version="1.0"></x:stylesheet>',
);
const BASE64 = transform("http://www.w3.org/2000/09/xmldsig#base64");
const WITH_COMMENTS = transform("http://www.w3.org/2001/10/xml-exc-c14n#WithComments");
const INCLUSIVE = transform("http://www.w3.org/TR/2001/REC-xml-c14n-20010315");
const INCLUSIVE_11 = transform("http://www.w3.org/2006/12/xml-c14n11");

const LISTS: readonly (readonly [string, readonly string[]])[] = [
  ["none", []],
  ["only the enveloped signature", [enveloped]],
  ["only the canonicalization", [exclusive]],
  ["in the other order", [exclusive, enveloped]],
  ["the canonicalization twice", [exclusive, exclusive]],
  ["something unknown before the canonicalization", [transform("urn:x"), exclusive]],
  ["an unknown element inside the canonicalization", [enveloped, transform(EXCLUSIVE, "<x></x>")]],
  ["the enveloped signature twice", [enveloped, enveloped]],
  ["three", [enveloped, exclusive, exclusive]],
  ["XPath", [enveloped, XPATH]],
  ["XPath before both", [XPATH, enveloped, exclusive]],
  ["XPath filter 2", [XPATH_2, exclusive]],
  ["XSLT", [enveloped, XSLT]],
  ["base64", [enveloped, BASE64]],
  ["canonicalization twice, once with comments", [enveloped, exclusive, WITH_COMMENTS]],
  ["canonicalization with comments first", [WITH_COMMENTS, enveloped]],
  ["inclusive canonicalization", [enveloped, INCLUSIVE]],
  ["canonicalization 1.1", [enveloped, INCLUSIVE_11]],
  ["one that nobody knows", [enveloped, transform("urn:x")]],
  ["one without algorithm", [enveloped, "<ds:Transform></ds:Transform>"]],
  [
    "an XPath inside the canonicalization",
    [enveloped, transform(EXCLUSIVE, "<ds:XPath>1</ds:XPath>")],
  ],
  ["something inside the enveloped signature", [transform(ENVELOPED, "<x></x>"), exclusive]],
  ["text inside the enveloped signature", [transform(ENVELOPED, "text"), exclusive]],
];

/** Transforms other than the two that SAML allows (core section 5.4.4). */
export const transforms: readonly Attack[] = [
  ...LISTS.flatMap(([what, list]) =>
    over(`transforms: ${what}`, REFUSED, signedWith(...list), BASES),
  ),
  ...over(
    "transforms: the list is missing",
    "signature-structure-invalid",
    { signature: { editSignedInfo: swap(TRANSFORMS, "") } },
    BASES,
  ),
  ...over(
    "transforms: fifty canonicalizations",
    REFUSED,
    signedWith(enveloped, ...Array.from({ length: 50 }, () => exclusive)),
    BASES,
  ),
  ...over(
    "transforms: a thousand inclusive prefixes",
    ["xml-too-complex", "signature-structure-invalid"],
    signedWith(
      enveloped,
      transform(
        EXCLUSIVE,
        `<ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="${Array.from({ length: 1000 }, (_, i) => `p${i}`).join(" ")}"></ec:InclusiveNamespaces>`,
      ),
    ),
    BASES,
  ),
  ...over(
    "transforms: InclusiveNamespaces with content",
    REFUSED,
    signedWith(
      enveloped,
      transform(
        EXCLUSIVE,
        `<ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="xs"><x></x></ec:InclusiveNamespaces>`,
      ),
    ),
    BASES,
  ),
];
