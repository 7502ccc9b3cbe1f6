import { encryptAssertion } from "../../src/testing/signing-idp/encrypt-xml.ts";
import { idp, spKey, usual } from "./parties.ts";

/** One hostile request. */
export interface HostileShape {
  readonly name: string;
  /** The form as a body parser would give it. */
  readonly form: () => Readonly<Record<string, unknown>>;
  /** How many certificates the connection holds, the right one last. */
  readonly certificates?: number;
}

/** The most that a message may have, and some room for what stands around the padding. */
const ROOM = 184 * 1024;
/** What fits when the same is encrypted and encoded once more. */
const ROOM_INSIDE = 128 * 1024;

type Padding = (room: number) => string;

const fill =
  (make: (index: number) => string): Padding =>
  (room) => {
    const parts: string[] = [];
    for (let length = 0, index = 0; ; index += 1) {
      const part = make(index);
      length += part.length;
      if (length > room) return parts.join("");
      parts.push(part);
    }
  };

const attributesOf = (count: number, prefix = "a"): string =>
  Array.from({ length: count }, (_, index) => ` ${prefix}${index}=""`).join("");

/** Elements and text that a message can be stuffed with. */
const PADDINGS: Readonly<Record<string, Padding>> = {
  "sibling elements": fill(() => "<a/>"),
  "8,000 sibling elements": (room) => "<saml:abcdefghi/>".repeat(Math.min(8000, room / 17)),
  "nested elements": (room) => "<a>".repeat(room / 7) + "</a>".repeat(room / 7),
  "nested to the limit, again and again": fill(() => `${"<a>".repeat(24)}x${"</a>".repeat(24)}`),
  "one element with attributes": (room) => `<a${attributesOf(room / 10)}/>`,
  "31 attributes on every element": fill(() => `<a${attributesOf(31)}/>`),
  "31 prefixed attributes on every element": (room) =>
    `<p${Array.from({ length: 31 }, (_, i) => ` xmlns:p${i}="a:${i}"`).join("")}>${fill(
      () => `<a${Array.from({ length: 31 }, (_, i) => ` p${i}:x=""`).join("")}/>`,
    )(room - 2000)}</p>`,
  "one element with namespaces": (room) => `<a${fill((i) => ` xmlns:p${i}="a:b"`)(room)}/>`,
  "a namespace on every element": fill((i) => `<a xmlns:p${i}="a:b"/>`),
  "namespaces in scope, and more on every element": (room) =>
    nest(
      20,
      (i) => `<n${Array.from({ length: 31 }, (_, j) => ` xmlns:p${i}q${j}="a:b"`).join("")}>`,
      "</n>",
      fill((i) => `<r${i % 9}:a xmlns:r${i % 9}="a:b"/>`)(room - 20 * 31 * 20),
    ),
  "a long namespace used by many elements": (room) =>
    `<n xmlns:p="a:${"x".repeat(room / 2)}">${fill(() => "<p:a/>")(room / 2 - 100)}</n>`,
  "named entities": fill(() => "&amp;"),
  "character references": fill(() => "&#65;"),
  "text that canonicalization expands": fill(() => ">"),
  "attribute values that canonicalization expands": (room) => `<a b='${fill(() => '"')(room)}'/>`,
  "one long text": fill(() => "abcdefghijklmno "),
  "white space": fill(() => " \r\n\t"),
  "text in pieces": fill(() => "<a>x</a>\n"),
  "white space inside a tag": (room) => `<a${fill(() => "\n")(room)}/>`,
  "long element names": (room) => `<${"a".repeat(room / 2)}></${"a".repeat(room / 2)}>`,
  "letters of four octets": (room) => `<a>${"𝒵".repeat(room / 4)}</a>`,
  comments: fill(() => "<!---->"),
  signatures: fill(() => "<ds:Signature/>"),
  "assertions with signatures": fill(() => `<saml:Assertion><ds:Signature/></saml:Assertion>`),
  "assertions with IDs": fill((i) => `<saml:Assertion ID="_${i}"/>`),
  "encrypted keys": fill(() => "<xenc:EncryptedKey/>"),
};

function nest(
  depth: number,
  open: (level: number) => string,
  close: string,
  inside: string,
): string {
  let before = "";
  for (let level = 0; level < depth; level += 1) before += open(level);
  return before + inside + close.repeat(depth);
}

/** Declares what the paddings use. */
const DECLARED =
  ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"';

const posted = (xml: string): Readonly<Record<string, string>> => ({
  SAMLResponse: Buffer.from(xml, "utf8").toString("base64"),
});

const EXTENSIONS = (padding: string): string =>
  `<samlp:Extensions><x:e xmlns:x="urn:x"${DECLARED}>${padding}</x:e></samlp:Extensions>`;

const aroundAValidAssertionOf = (xml: string, padding: string): string =>
  xml.replace("<samlp:Status>", () => `${EXTENSIONS(padding)}<samlp:Status>`);

/** Somebody's own valid assertion, with what no signature covers stuffed. */
const aroundAValidAssertion = (padding: string): string =>
  idp.respond(usual).xml.replace("<samlp:Status>", `${EXTENSIONS(padding)}<samlp:Status>`);

/** Somebody's own valid response: SignedInfo verifies, the content was stuffed afterwards. */
const underAStolenSignature = (padding: string): string =>
  idp
    .respond({ ...usual, sign: "response" })
    .xml.replace("<samlp:Status>", `${EXTENSIONS(padding)}<samlp:Status>`);

/** KeyInfo is part of no digest. */
const inKeyInfo = (padding: string): string =>
  idp
    .respond(usual)
    .xml.replace(
      "</ds:X509Data>",
      `<x:e xmlns:x="urn:x"${DECLARED}>${padding}</x:e></ds:X509Data>`,
    );

const insideEncryption = (padding: string): string => {
  const { xml } = idp.respond(usual);
  const [assertion = ""] = /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml) ?? [];
  const stuffed = assertion.replace(
    "<saml:AttributeStatement>",
    `<saml:Advice><x:e xmlns:x="urn:x"${DECLARED}>${padding}</x:e></saml:Advice><saml:AttributeStatement>`,
  );
  return xml.replace(assertion, () => encryptAssertion(stuffed, { to: spKey.certificate }));
};

const PLACES: Readonly<Record<string, { make(padding: string): string; room: number }>> = {
  "unsigned part beside a valid assertion": { make: aroundAValidAssertion, room: ROOM },
  "under a signature that fits no more": { make: underAStolenSignature, room: ROOM },
  "KeyInfo of a valid signature": { make: inKeyInfo, room: ROOM },
  "inside encryption": { make: insideEncryption, room: ROOM_INSIDE },
};

const stuffed: readonly HostileShape[] = Object.entries(PLACES).flatMap(([place, { make, room }]) =>
  Object.entries(PADDINGS).map(([what, padding]) => ({
    name: `${place}: ${what}`,
    form: () => posted(make(padding(room))),
  })),
);

const edited = (name: string, edit: (xml: string) => string, certificates = 1): HostileShape => ({
  name,
  form: () => posted(edit(idp.respond({ ...usual, sign: "response" }).xml)),
  certificates,
});

const reference = /<ds:Reference .*<\/ds:Reference>/s;
const bulk = (room: number, character = "A"): string => character.repeat(room);

/** A message that is accepted, with as much around what is signed as the limits of ours let pass. */
const asMuchAsIsTaken = (xml: string): string =>
  aroundAValidAssertionOf(xml, `<a>${">".repeat(10_000)}</a>${`<a${attributesOf(2)}/>`.repeat(90)}`)
    .replace("<ds:X509Data>", `<ds:KeyName>${">".repeat(20_000)}</ds:KeyName><ds:X509Data>`)
    .replace("<saml:Subject>", `<saml:Subject${" ".repeat(14_000)}>`);

const special: readonly HostileShape[] = [
  edited("200 references", (xml) => xml.replace(reference, (one) => one.repeat(200))),
  edited("every reference that fits", (xml) =>
    xml.replace(reference, (one) => one.repeat(ROOM / one.length)),
  ),
  edited("transforms", (xml) =>
    xml.replace(/<ds:Transform .*?<\/ds:Transform>/s, (one) => one.repeat(ROOM / one.length)),
  ),
  edited("a prefix list of 60,000", (xml) =>
    xml.replace(
      /(<ds:CanonicalizationMethod [^>]*>)/,
      `$1<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="${fill((i) => ` p${i}`)(ROOM)}"/>`,
    ),
  ),
  edited(
    "a SignedInfo with a long attribute, ten certificates",
    (xml) =>
      xml.replace(
        "<ds:SignedInfo>",
        `<ds:SignedInfo a="${bulk(ROOM, "&amp;".slice(0, 0) || "x")}">`,
      ),
    10,
  ),
  edited(
    "a long signature value, ten certificates",
    (xml) => xml.replace(/(<ds:SignatureValue>)[^<]*/, `$1${bulk(ROOM - (ROOM % 4))}`),
    10,
  ),
  edited(
    "a signature value in pieces, ten certificates",
    (xml) =>
      xml.replace(
        /(<ds:SignatureValue>)[^<]*/,
        `$1${"A ".repeat(ROOM / 8)}${"A ".repeat(ROOM / 8)}`,
      ),
    10,
  ),
  edited(
    "a wrong signature value, ten certificates",
    (xml) =>
      xml
        .replace(/(<ds:SignatureValue>)./, "$1A")
        .replace("<samlp:Status>", `${EXTENSIONS(fill(() => "<a>x</a>")(80_000))}<samlp:Status>`),
    10,
  ),
  edited("certificates in KeyInfo", (xml) =>
    xml.replace(/<ds:X509Certificate>.*?<\/ds:X509Certificate>/s, (one) =>
      one.repeat(ROOM / one.length),
    ),
  ),
  edited("a time with 180,000 digits", (xml) =>
    xml.replace(/(IssueInstant="[^".]*)\.\d+Z/, `$1.${bulk(ROOM, "1")}Z`),
  ),
  edited(
    "a document type with nested entities",
    (xml) =>
      `<!DOCTYPE a [${Array.from({ length: 20 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join("")}]>${xml}`,
  ),
  edited("a status message of 180,000 characters", (xml) =>
    xml
      .replace(/<samlp:StatusCode [^>]*>/, (code) => code.replace("Success", "Responder"))
      .replace(
        "</samlp:Status>",
        `<samlp:StatusMessage>${bulk(ROOM)}</samlp:StatusMessage></samlp:Status>`,
      ),
  ),
  edited("assertions with signatures where the assertion belongs", (xml) =>
    xml
      .replace(
        "</samlp:Response>",
        `${fill(() => `<s:Assertion><d:Signature/></s:Assertion>`)(ROOM)}</samlp:Response>`,
      )
      .replace(
        " Destination",
        ' xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:d="http://www.w3.org/2000/09/xmldsig#" Destination',
      ),
  ),
  edited("white space inside the tag of a valid message", (xml) =>
    xml.replace("<samlp:Status>", `<samlp:Status${bulk(ROOM, " ")}>`),
  ),
  edited("white space inside every tag of a valid message", (xml) =>
    xml.replaceAll(">", `${bulk(ROOM / 60, " ")}>`),
  ),
  edited("white space after a valid message", (xml) => xml + bulk(ROOM, "\n")),
  {
    name: "as much that is unsigned as is taken",
    form: () => posted(asMuchAsIsTaken(idp.respond(usual).xml)),
  },
  {
    name: "500 signed values and as much that is unsigned as is taken",
    form: () =>
      posted(
        asMuchAsIsTaken(
          idp.respond({
            ...usual,
            attributes: { groups: Array.from({ length: 500 }, (_, i) => `group ${i}`) },
          }).xml,
        ),
      ),
  },
  {
    name: "base64 with white space between all characters",
    form: () => ({
      SAMLResponse: Buffer.from(bulk(96 * 1024))
        .toString("base64")
        .split("")
        .join("\n"),
    }),
  },
  { name: "white space only", form: () => ({ SAMLResponse: bulk(256 * 1024, " ") }) },
  {
    name: "octets that are no UTF-8, at the end",
    form: () => ({
      SAMLResponse: Buffer.concat([Buffer.from(bulk(ROOM)), Buffer.of(0xff)]).toString("base64"),
    }),
  },
  { name: "per cent signs", form: () => ({ SAMLResponse: "%%%%" }) },
  {
    name: "the field many times",
    form: () => ({ SAMLResponse: Array.from({ length: 20_000 }, () => "PHg+") }),
  },
  { name: "an object with a length", form: () => ({ SAMLResponse: { length: 2e8 } }) },
  {
    name: "many other fields",
    form: () => ({
      ...Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`f${i}`, "x"])),
      SAMLResponse: "PHg+",
    }),
  },
];

/** Every shape, by name. */
export const HOSTILE_SHAPES: readonly HostileShape[] = [...special, ...stuffed];
