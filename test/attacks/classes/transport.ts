import { deflateRawSync } from "node:zlib";
import {
  type AcsRequest,
  type Attack,
  field,
  type Outcome,
  once,
  posting,
} from "../support/attack.ts";
import { build } from "../support/build.ts";

const NO_BASE64 = "message-not-base64" as const;
const encoded = (): string => Buffer.from(build("assertion")).toString("base64");
const value = (): string => encodeURIComponent(encoded());
const SAMLP = 'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"';
const SAML = 'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"';

type Case = readonly [string, Outcome | readonly Outcome[], () => AcsRequest];

const FIELDS: readonly Case[] = [
  ["no field", "message-missing", () => ({ body: "" })],
  ["another field only", "message-missing", () => ({ body: "RelayState=x" })],
  ["an empty field", ["message-not-base64", "message-missing"], () => ({ body: "SAMLResponse=" })],
  [
    "the field twice",
    "message-ambiguous",
    () => ({ body: `SAMLResponse=${value()}&SAMLResponse=${value()}` }),
  ],
  [
    "the field twice, once empty",
    "message-ambiguous",
    () => ({ body: `SAMLResponse=${value()}&SAMLResponse=` }),
  ],
  [
    "the field as a list",
    ["message-missing", "message-ambiguous"],
    () => ({ body: `SAMLResponse[]=${value()}` }),
  ],
  [
    "the field as an object",
    ["message-missing", "message-ambiguous"],
    () => ({ body: `SAMLResponse[x]=${value()}` }),
  ],
  [
    "a request beside it",
    "message-ambiguous",
    () => ({ body: `SAMLResponse=${value()}&SAMLRequest=${value()}` }),
  ],
  [
    "an empty request beside it",
    "message-ambiguous",
    () => ({ body: `SAMLResponse=${value()}&SAMLRequest=` }),
  ],
  [
    "only a request",
    ["message-missing", "message-ambiguous"],
    () => ({ body: `SAMLRequest=${value()}` }),
  ],
  ["a name in lower case", "message-missing", () => ({ body: `samlresponse=${value()}` })],
  [
    "a prototype",
    "message-missing",
    () => ({ body: `__proto__[SAMLResponse]=${value()}&constructor=x` }),
  ],
];

const TEXTS: readonly Case[] = [
  ["percent signs", NO_BASE64, () => field("%%%%")],
  ["one space", [NO_BASE64, "message-missing"], () => field(" ")],
  ["a number", [NO_BASE64, "xml-malformed", "message-not-utf8"], () => field("1234")],
  [
    "the alphabet for addresses",
    NO_BASE64,
    () => field(Buffer.from(`${build("assertion")}???>>>`).toString("base64url")),
  ],
  ["without padding", NO_BASE64, () => field("PGEvPg")],
  ["padding in the middle", NO_BASE64, () => field(`QQ==${encoded()}`)],
  ["bits behind the end", NO_BASE64, () => field("PGE+PC9hPh==")],
  [
    "junk in the middle",
    NO_BASE64,
    () => field(`${encoded().slice(0, 40)}*${encoded().slice(40)}`),
  ],
  [
    "a form feed in the middle",
    NO_BASE64,
    () => field(`${encoded().slice(0, 40)}\f${encoded().slice(40)}`),
  ],
  ["a NUL at the end", NO_BASE64, () => field(`${encoded()}\u0000`)],
  ["the XML itself", NO_BASE64, () => field(build("assertion"))],
  ["encoded twice", ["xml-malformed"], () => posting(encoded())],
  [
    "compressed as for a redirect",
    ["message-not-utf8", "xml-malformed"],
    () => posting(deflateRawSync(build("assertion"))),
  ],
  ["escaped twice", NO_BASE64, () => field(encodeURIComponent(`${encoded()}==`))],
  [
    "plus signs that became spaces",
    [NO_BASE64],
    () => ({
      body: `SAMLResponse=${Buffer.from(`${build("assertion")}>>>>>>~~~`)
        .toString("base64")
        .replaceAll("/", "+")}`,
    }),
  ],
  ["a data address", NO_BASE64, () => field(`data:text/xml;base64,${encoded()}`)],
];

const OTHER_MESSAGES: readonly (readonly [string, () => string])[] = [
  [
    "a logout request",
    () =>
      `<samlp:LogoutRequest ${SAMLP} ID="_l" Version="2.0" IssueInstant="2026-06-01T12:00:00Z"></samlp:LogoutRequest>`,
  ],
  [
    "a logout response",
    () =>
      `<samlp:LogoutResponse ${SAMLP} ID="_l" Version="2.0" IssueInstant="2026-06-01T12:00:00Z"></samlp:LogoutResponse>`,
  ],
  [
    "a login request",
    () => `<samlp:AuthnRequest ${SAMLP} ID="_l" Version="2.0"></samlp:AuthnRequest>`,
  ],
  [
    "an artifact response",
    () => build("response").replaceAll("samlp:Response", "samlp:ArtifactResponse"),
  ],
  [
    "an assertion alone",
    () => /<saml:Assertion .*<\/saml:Assertion>/s.exec(build("assertion"))?.[0] ?? "",
  ],
  [
    "an encrypted assertion alone",
    () =>
      /<saml:EncryptedAssertion .*<\/saml:EncryptedAssertion>/s.exec(
        build("encrypted-assertion"),
      )?.[0] ?? "",
  ],
  [
    "metadata",
    () =>
      '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"></md:EntityDescriptor>',
  ],
  ["an assertion named Response", () => `<saml:Response ${SAML} ID="_x"></saml:Response>`],
];

const HTTP: readonly (readonly [string, () => AcsRequest])[] = [
  [
    "JSON",
    () => ({ contentType: "application/json", body: JSON.stringify({ SAMLResponse: encoded() }) }),
  ],
  [
    "JSON with a length",
    () => ({ contentType: "application/json", body: '{"SAMLResponse":{"length":200000000}}' }),
  ],
  ["plain text", () => ({ contentType: "text/plain", body: `SAMLResponse=${value()}` })],
  ["XML", () => ({ contentType: "application/xml", body: build("assertion") })],
  [
    "several parts",
    () => ({
      contentType: "multipart/form-data; boundary=x",
      body: `--x\r\nContent-Disposition: form-data; name="SAMLResponse"\r\n\r\n${encoded()}\r\n--x--\r\n`,
    }),
  ],
  ["GET", () => ({ method: "GET", query: `SAMLResponse=${value()}`, body: "" })],
  ["PUT", () => ({ method: "PUT", body: `SAMLResponse=${value()}` })],
];

/** What reaches the endpoint without being one form field of one response. */
export const transport: readonly Attack[] = [
  ...FIELDS.map(([what, expected, request]) => once(`form: ${what}`, expected, request)),
  once("form: only in the query", "message-missing", () => ({
    query: `SAMLResponse=${value()}`,
    body: "RelayState=x",
  })),
  ...TEXTS.map(([what, expected, request]) => once(`base64: ${what}`, expected, request)),
  ...OTHER_MESSAGES.map(([what, xml]) =>
    once(`message: ${what}`, "structure-invalid", () => posting(xml())),
  ),
  ...HTTP.map(([what, request]) => once(`HTTP: ${what}`, "http", request)),
  once("HTTP: a megabyte", "message-too-large", () => ({
    body: `SAMLResponse=${"A".repeat(1_000_000)}`,
  })),
];
