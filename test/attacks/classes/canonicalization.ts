import { type Attack, afterSigning, over } from "../support/attack.ts";
import { type Base, type Edit, swap } from "../support/build.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-assertion"];
const XML = ["xml-forbidden", "xml-malformed"] as const;
const SAML = 'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"';

const onRoot = (attributes: string): Edit =>
  swap("<samlp:Response ", `<samlp:Response ${attributes} `);
const onAssertion = (attributes: string): Edit =>
  swap("<saml:Assertion ", `<saml:Assertion ${attributes} `);

const DECLARATIONS: readonly (readonly [string, string])[] = [
  ["a relative namespace", 'xmlns:x="relative"'],
  ["an absolute path as namespace", 'xmlns:x="/x"'],
  ["an empty namespace for a prefix", 'xmlns:x=""'],
  ["the prefix xml bound to something else", 'xmlns:xml="urn:x"'],
  ["the prefix xml declared", 'xmlns:xml="http://www.w3.org/XML/1998/namespace"'],
  ["the prefix xmlns bound", 'xmlns:xmlns="urn:x"'],
  ["the namespace of xml under another prefix", 'xmlns:x="http://www.w3.org/XML/1998/namespace"'],
  ["the namespace of xmlns under another prefix", 'xmlns:x="http://www.w3.org/2000/xmlns/"'],
  ["a namespace with white space before it", 'xmlns:x=" urn:x"'],
  ["a prefix that is declared twice", 'xmlns:x="urn:x" xmlns:x="urn:y"'],
];

/** Names that are XML, and that not every reader takes for such. */
const NAMES: readonly (readonly [string, string])[] = [
  ["beyond ASCII", 'ä="1"'],
  ["like a property of every object", 'constructor="1"'],
  ["like the prototype", '__proto__="1"'],
  ["beyond the basic plane", '\u{10000}="1"'],
];

/** Namespaces and attributes that canonicalization and parsers treat differently (CVE-2022-39299 and later). */
export const canonicalization: readonly Attack[] = [
  ...DECLARATIONS.flatMap(([what, declaration]) => [
    ...over(`canonical form: ${what}`, XML, { sent: onRoot(declaration) }, [
      "assertion",
      "response",
    ]),
    ...over(
      `canonical form: ${what}, on the assertion`,
      XML,
      afterSigning(onAssertion(declaration)),
      ["assertion", "encrypted-assertion"],
    ),
  ]),
  ...over(
    "canonical form: xml:base on the response",
    ["structure-invalid", "signature-invalid"],
    { sent: onRoot('xml:base="https://attacker.example/"') },
    ["assertion", "response"],
  ),
  ...over(
    "canonical form: xml:space on the assertion, signed",
    "structure-invalid",
    { assertion: swap(' Version="2.0">', ' Version="2.0" xml:space="preserve">') },
    BASES,
  ),
  ...over(
    "canonical form: xml:base on the assertion, signed",
    "structure-invalid",
    { assertion: swap(' Version="2.0">', ' Version="2.0" xml:base="urn:x">') },
    BASES,
  ),
  ...NAMES.flatMap(([what, attribute]) =>
    over(`canonical form: an attribute named ${what}`, XML, { sent: onRoot(attribute) }, [
      "assertion",
    ]),
  ),
  ...over(
    "canonical form: a prefix that is not declared",
    "xml-malformed",
    afterSigning(swap("<saml:AuthnStatement", "<undeclared:AuthnStatement")),
    BASES,
  ),
  ...over(
    "canonical form: an attribute under a prefix that is not declared",
    "xml-malformed",
    afterSigning(onAssertion('undeclared:x="1"')),
    BASES,
  ),
  ...over(
    "canonical form: one attribute under two prefixes",
    "xml-malformed",
    afterSigning(onAssertion('xmlns:a="urn:x" xmlns:b="urn:x" a:y="1" b:y="2"')),
    BASES,
  ),
  ...over(
    "canonical form: the assertion's namespace is another",
    XML,
    afterSigning(swap(SAML, 'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion "')),
    ["encrypted-assertion"],
  ),
  ...over(
    "canonical form: the prefix saml means something else inside",
    ["signature-invalid", "structure-invalid", "subject-invalid"],
    afterSigning(swap("<saml:Subject>", '<saml:Subject xmlns:saml="urn:x">')),
    BASES,
  ),
  ...over(
    "canonical form: the protocol's namespace is another",
    "version-unsupported",
    { sent: swap("SAML:2.0:protocol", "SAML:1.0:protocol") },
    ["assertion"],
  ),
  ...over(
    "canonical form: an attribute in the SAML namespace",
    ["structure-invalid", "id-invalid", "signature-invalid"],
    afterSigning(onAssertion('saml:ID="_other"')),
    BASES,
  ),
];
