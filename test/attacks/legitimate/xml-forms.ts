import { type Base, type Edit, swap } from "../support/build.ts";
import { type Legitimate, onElement, prefixed, taken, written } from "./legitimate.ts";

const SAML = 'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"';
const XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"';
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const BASES: readonly Base[] = ["assertion", "response", "both", "encrypted-both"];

const lines: Edit = (xml) => xml.replaceAll("><", ">\n  <");
/** The head of a response; what is signed further in stays as it is. */
const linesOfHead: Edit = (xml) => xml.replace(/^.*?(?=<saml:(?:Encrypted)?Assertion)/s, lines);
const crlf: Edit = (xml) => xml.replaceAll("\n", "\r\n");
/** The declarations of one prefix from everywhere onto the root, as many serializers do. */
const hoisted: Edit = (xml) =>
  xml.replaceAll(` ${SAML}`, "").replace("<samlp:Response ", `<samlp:Response ${SAML} `);
const typed: Edit = (xml) =>
  xml.replaceAll("<saml:AttributeValue>", `<saml:AttributeValue ${XSI} xsi:type="xs:string">`);

/** One document, written in the many ways of XML. */
export const xmlForms: readonly Legitimate[] = [
  ...taken(
    "prefixes saml2 and saml2p",
    { assertion: prefixed("saml", "saml2"), response: prefixed("samlp", "saml2p") },
    BASES,
  ),
  ...taken("the assertion in the default namespace", { assertion: prefixed("saml", "") }, BASES),
  ...taken(
    "the assertion and its signature without prefixes",
    { assertion: prefixed("saml", ""), signature: { prefix: "" } },
    BASES,
  ),
  ...taken("the response in the default namespace", { response: prefixed("samlp", "") }, BASES),
  ...taken(
    "prefixes of one letter",
    { assertion: prefixed("saml", "a"), response: prefixed("samlp", "p") },
    BASES,
  ),
  ...taken(
    "prefixes ns0 and ns1",
    { assertion: prefixed("saml", "ns1"), response: prefixed("samlp", "ns0") },
    BASES,
  ),
  ...taken("namespaces declared on the root", written(hoisted), ["assertion", "response", "both"]),
  ...taken(
    "namespaces declared that nobody uses",
    written(onElement("samlp:Response", `${XS} xmlns:unused="urn:unused"`)),
    BASES,
  ),
  ...taken("on lines, indented", { assertion: lines, response: linesOfHead }, BASES),
  ...taken("on lines of CRLF", { assertion: lines, response: linesOfHead, ...written(crlf) }, [
    "assertion",
    "response",
    "both",
  ]),
  ...taken(
    "an XML declaration",
    written((xml) => `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`),
    BASES,
  ),
  ...taken(
    "an XML declaration in small letters",
    written((xml) => `<?xml version="1.0" encoding="utf-8" standalone="yes"?>${xml}`),
    BASES,
  ),
  ...taken(
    "an XML declaration without encoding",
    written((xml) => `<?xml version='1.0'?>${xml}`),
    BASES,
  ),
  ...taken(
    "white space around the root",
    written((xml) => `\n \t${xml}\n\n`),
    BASES,
  ),
  ...taken(
    "single quotes",
    written((xml) => xml.replaceAll('Version="2.0"', "Version='2.0'")),
    ["assertion", "response", "both"],
  ),
  ...taken(
    "attributes in another order",
    written((xml) => xml.replace(/( ID="[^"]*")(.*?)( Version="2.0")/, "$3$2$1")),
    ["assertion", "response"],
  ),
  ...taken(
    "white space in tags",
    written((xml) =>
      xml
        .replaceAll('Version="2.0"', '\n Version = "2.0" ')
        .replaceAll("</samlp:Status>", "</samlp:Status >"),
    ),
    ["assertion", "response"],
  ),
  ...taken(
    "self-closing tags",
    written((xml) => xml.replace(/<([\w:]+)( [^<>]*)?><\/\1>/g, "<$1$2/>")),
    ["assertion", "response", "both"],
  ),
  ...taken(
    "character references",
    written((xml) => xml.replaceAll("mallory@", "m&#97;ll&#x6F;ry&#64;")),
    ["assertion", "response", "both"],
  ),
  ...taken(
    "an apostrophe and quotes as entities",
    {
      content: { attributes: { displayName: `O'Mallory "M"` } },
      ...written((xml) => xml.replaceAll("O'M", "O&apos;M").replaceAll('"M"', "&quot;M&quot;")),
    },
    ["assertion", "response"],
  ),
  ...taken(
    "texts with every entity",
    { content: { attributes: { displayName: `<M> & "O'M"` } } },
    BASES,
  ),
  ...taken(
    "xs:string on values, its prefix in the inclusive list",
    {
      assertion: (xml) => typed(xml).replace(SAML, `${SAML} ${XS}`),
      signature: { inclusivePrefixes: ["xs"] },
    },
    ["assertion", "response", "both", "encrypted-both"],
  ),
  ...taken(
    "xs:string on values, its prefix declared on the root",
    { assertion: typed, ...written(onElement("samlp:Response", XS)) },
    ["assertion", "response", "both"],
  ),
  ...taken(
    "xs:string on values, its prefix declared on the root and listed by the inner signature alone",
    {
      assertion: (xml) => typed(xml).replace(SAML, `${SAML} ${XS}`),
      assertionSignature: { inclusivePrefixes: ["xs"] },
      signedAssertion: swap(` ${XS}`, ""),
      ...written(onElement("samlp:Response", XS)),
    },
    ["assertion", "both"],
  ),
  ...taken(
    "a namespace declared again where it is in scope",
    written((xml) => xml.replace("<saml:Subject>", `<saml:Subject ${SAML}>`)),
    ["assertion", "response"],
  ),
  ...taken(
    "the language and the white space of a value",
    {
      assertion: swap(
        "<saml:AttributeValue>",
        '<saml:AttributeValue xml:lang="en" xml:space="preserve">',
      ),
    },
    BASES,
  ),
  ...taken("base64 without line breaks", {}, BASES),
];
