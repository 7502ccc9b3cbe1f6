import { type Attack, afterSigning, field, once, over } from "../support/attack.ts";
import { type Base, build, type Edit, type Stages, swap } from "../support/build.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-assertion"];
const COMPLEX = "xml-too-complex" as const;
const REFUSED = [
  "xml-too-complex",
  "message-too-large",
  "structure-invalid",
  "signature-structure-invalid",
  "signature-invalid",
  "xml-forbidden",
  "http",
] as const;

const many = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join("");
const inAssertion = (content: string): Edit =>
  swap("<saml:Subject>", `<saml:Advice>${content}</saml:Advice><saml:Subject>`);
const inExtensions = (content: string): Edit =>
  swap("<samlp:Status>", `<samlp:Extensions>${content}</samlp:Extensions><samlp:Status>`);
const onAssertion = (attributes: string): Edit =>
  swap("<saml:Assertion ", `<saml:Assertion ${attributes} `);
const REFERENCE = /<ds:Reference .*?<\/ds:Reference>/s;
const repeated =
  (pattern: RegExp, times: number): Edit =>
  (xml) =>
    swap(pattern, (pattern.exec(xml)?.[0] ?? "").repeat(times))(xml);

const CASES: readonly (readonly [string, Edit])[] = [
  ["ten thousand levels", inAssertion(`${"<a>".repeat(10_000)}${"</a>".repeat(10_000)}`)],
  ["levels that do not end", inAssertion("<a>".repeat(30_000))],
  ["twenty thousand elements", inAssertion("<a/>".repeat(20_000))],
  ["five thousand attributes", onAssertion(many(5000, (i) => ` a${i}="x"`))],
  ["three thousand namespaces", onAssertion(many(3000, (i) => ` xmlns:p${i}="urn:${i}"`))],
  ["namespaces on every level", inAssertion(many(1500, (i) => `<a xmlns:p${i}="urn:${i}"></a>`))],
  ["four hundred references", repeated(REFERENCE, 400)],
  [
    "a signature value of 100 KB",
    swap("<ds:SignatureValue>", `<ds:SignatureValue>${"A".repeat(100_000)}`),
  ],
  ["an attribute of 100 KB", onAssertion(`x="${"a".repeat(100_000)}"`)],
  ["ten thousand character references", inAssertion("&#65;".repeat(10_000))],
  ["text of 100 KB", inAssertion("a".repeat(100_000))],
  ["a comment of 100 KB", inAssertion(`<!--${"-a".repeat(50_000)}-->`)],
  ["a name of 50 KB", inAssertion(`<${"a".repeat(50_000)}/>`)],
  [
    "five thousand conditions",
    swap(
      "<saml:AudienceRestriction>",
      `${"<saml:OneTimeUse></saml:OneTimeUse>".repeat(3000)}<saml:AudienceRestriction>`,
    ),
  ],
  [
    "deep inherited namespaces",
    inAssertion(`${many(30, (i) => `<a xmlns:q${i}="urn:${i}">`)}${"</a>".repeat(30)}`.repeat(40)),
  ],
];

/** Each beyond one limit only, and sound otherwise: in signed content, or in what nothing covers. */
const LIMITS: readonly (readonly [string, Stages])[] = [
  ["nine thousand elements, signed", { assertion: inAssertion("<a></a>".repeat(9000)) }],
  ["forty levels, signed", { assertion: inAssertion(`${"<a>".repeat(40)}${"</a>".repeat(40)}`) }],
  [
    "forty attributes on one element, signed",
    { assertion: inAssertion(`<a${many(40, (i) => ` a${String(i).padStart(2, "0")}="x"`)}></a>`) },
  ],
  [
    "twelve thousand attributes, thirty on each element, signed",
    {
      assertion: inAssertion(
        `<a${many(30, (i) => ` a${String(i).padStart(2, "0")}="x"`)}></a>`.repeat(400),
      ),
    },
  ],
  [
    "twenty thousand character references, signed as characters",
    {
      content: { attributes: { displayName: "M".repeat(20_000) } },
      sent: swap("M".repeat(20_000), "&#77;".repeat(20_000)),
    },
  ],
  ["two hundred elements that nothing covers", { sent: inExtensions("<a/>".repeat(200)) }],
  [
    "white space of 60 KB inside tags",
    { sent: swap("<samlp:Status>", `<samlp:Status${" ".repeat(60_000)}>`) },
  ],
  ["text of 30 KB that nothing covers", { sent: inExtensions(`<a>${"a".repeat(30_000)}</a>`) }],
  [
    "three hundred attributes that nothing covers",
    { sent: inExtensions(`<a${many(25, (i) => ` a${i}="x"`)}/>`.repeat(12)) },
  ],
  [
    "a namespace of 50 KB on fifty elements",
    {
      sent: inAssertion(`<a xmlns:p="urn:${"n".repeat(50_000)}">${"<p:b></p:b>".repeat(50)}</a>`),
    },
  ],
];

/** Messages that cost much to refuse; the runner holds each to a time bound. */
export const denialOfService: readonly Attack[] = [
  ...CASES.flatMap(([what, edit]) => over(`cost: ${what}`, REFUSED, afterSigning(edit), BASES)),
  ...LIMITS.flatMap(([what, stages]) => over(`cost: ${what}`, COMPLEX, stages, ["assertion"])),
  ...over(
    "cost: a hundred references under encryption, unsigned",
    REFUSED,
    { signedAssertion: repeated(REFERENCE, 100) },
    ["encrypted-assertion"],
  ),
  ...over(
    "cost: ten thousand levels before anything else",
    COMPLEX,
    { sent: () => "<a>".repeat(20_000) },
    ["assertion"],
  ),
  once("cost: 180 KB of zero octets", ["xml-malformed", "message-not-utf8"], () =>
    field(Buffer.alloc(180_000).toString("base64")),
  ),
  once("cost: 190 KB of white space in the XML", ["xml-malformed", "message-too-large"], () =>
    field(Buffer.from(" ".repeat(190_000)).toString("base64")),
  ),
  once(
    "cost: 200 KB of white space in the base64",
    ["message-not-base64", "message-missing", "http"],
    () => field(" ".repeat(80_000)),
  ),
  once("cost: a response one octet beyond the limit", ["message-too-large", "http"], () =>
    field(Buffer.from(build("assertion").padEnd(192 * 1024 + 1, " ")).toString("base64")),
  ),
  once("cost: opening brackets only", ["xml-malformed"], () =>
    field(Buffer.from("<".repeat(150_000)).toString("base64")),
  ),
  once("cost: an attribute that does not end", ["xml-malformed"], () =>
    field(Buffer.from(`<a b="${"c".repeat(150_000)}`).toString("base64")),
  ),
  once("cost: one tag with quotes without end", ["xml-malformed"], () =>
    field(Buffer.from(`<a ${"'\"".repeat(70_000)}`).toString("base64")),
  ),
];
