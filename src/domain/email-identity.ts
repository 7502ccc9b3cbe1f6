import { defined } from "./defined.ts";
import { type EmailAddress, type EmailFault, parseEmailAddress } from "./email-address.ts";

/** `urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress`, SAML core section 8.3.2. */
export const EMAIL_NAME_ID_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/** Attribute names under which identity providers send the address, compared exactly. */
export const EMAIL_ATTRIBUTE_NAMES: readonly string[] = [
  "email",
  "Email",
  "emailAddress",
  "EmailAddress",
  "emailaddress",
  "mail",
  "User.email",
  "urn:oid:0.9.2342.19200300.100.1.3",
  "urn:oid:1.2.840.113549.1.9.1",
  "urn:mace:dir:attribute-def:mail",
  "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
];

/** Which part of the assertion holds the email address. */
export type EmailSource =
  /** The NameID if its format is emailAddress, and the well-known attributes; all must agree. */
  | { readonly kind: "automatic" }
  /** One attribute by its exact name; nothing else. */
  | { readonly kind: "attribute"; readonly name: string }
  /** The NameID in any format; nothing else. */
  | { readonly kind: "name-id" };

/** A NameID (SAML core section 2.2.3). */
export interface NameId {
  /** The identifier; empty if the subject has none. */
  readonly value: string;
  /** Format URI; the URI of `unspecified` if absent in the assertion. */
  readonly format: string;
  /** NameQualifier, if present. */
  readonly nameQualifier?: string;
  /** SPNameQualifier, if present. */
  readonly spNameQualifier?: string;
}

/** An `<Attribute>` (SAML core section 2.7.3.1) with its text values; others are omitted. */
export interface AssertedAttribute {
  /** Its Name, compared exactly. */
  readonly name: string;
  /** In document order. */
  readonly values: readonly string[];
}

/** NameID and attributes of the user, read from signed content only. */
export interface Claims {
  /** NameID of the subject. */
  readonly nameId: NameId;
  /** In document order. */
  readonly attributes: readonly AssertedAttribute[];
}

/** `urn:oasis:names:tc:SAML:2.0:nameid-format:persistent`, SAML core section 8.3.7. */
export const PERSISTENT_NAME_ID_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

/** Whom an identity provider means: it gives a persistent NameID to nobody else. */
export interface Subject {
  /** Entity ID of the identity provider. */
  readonly issuer: string;
  /** The persistent NameID. */
  readonly nameId: string;
}

/** The subject of an assertion; `undefined` if its NameID does not outlast an address. */
export function persistentSubject(issuer: string, { value, format }: NameId): Subject | undefined {
  return format === PERSISTENT_NAME_ID_FORMAT && value !== ""
    ? { issuer, nameId: value }
    : undefined;
}

/** The email address that identifies the user, or why there is none. */
export type EmailIdentity =
  | { readonly kind: "email"; readonly address: EmailAddress; readonly from: readonly string[] }
  | {
      readonly kind: "missing";
      readonly looked: readonly string[];
      /** Absent if there is no assertion, as in a preview. */
      readonly received?: ReceivedNames;
    }
  | { readonly kind: "invalid"; readonly from: string; readonly fault: EmailFault }
  | { readonly kind: "ambiguous"; readonly from: readonly string[] };

/** What an assertion holds instead of an address, without values. */
export interface ReceivedNames {
  /** Format of the NameID; absent without a NameID. */
  readonly nameIdFormat?: string;
  /** Names of the first attributes, in document order, and how many there are. */
  readonly attributes: { readonly count: number; readonly first: readonly string[] };
  /** The first place that holds a valid address where none was looked for. */
  readonly addressIn?:
    | { readonly kind: "name-id" }
    | { readonly kind: "attribute"; readonly name: string };
}

interface Candidate {
  readonly from: string;
  readonly raw: string;
}

/**
 * Finds the address that identifies the user. All candidates of the configured source count: an
 * invalid one makes the identity invalid, and two different ones make it ambiguous. The first is
 * never just accepted.
 */
export function emailIdentity(claims: Claims, source: EmailSource): EmailIdentity {
  const candidates = candidatesOf(claims, source).filter(({ raw }) => raw.trim() !== "");
  if (candidates.length === 0) {
    return { kind: "missing", looked: placesOf(source), received: receivedNames(claims) };
  }
  const found = new Map<EmailAddress, string>();
  for (const { from, raw } of candidates) {
    const parsed = parseEmailAddress(raw);
    if (!parsed.ok) return { kind: "invalid", from, fault: parsed.fault };
    found.set(parsed.address, from);
  }
  const from = [...new Set(candidates.map((candidate) => candidate.from))];
  const [address, ...others] = found.keys();
  return address === undefined || others.length > 0
    ? { kind: "ambiguous", from }
    : { kind: "email", address, from };
}

/** Parsing is linear, but there may be many values. */
const MAX_TRIED = 100;
const MAX_NAMED = 20;
const MAX_NAME_LENGTH = 120;

function receivedNames({ nameId, attributes }: Claims): ReceivedNames {
  const holds = (raw: string) => parseEmailAddress(raw).ok;
  const tried = attributes
    .flatMap(({ name, values }) => values.map((raw) => ({ name, raw })))
    .slice(0, MAX_TRIED);
  const attribute = tried.find(({ raw }) => holds(raw));
  const addressIn = holds(nameId.value)
    ? ({ kind: "name-id" } as const)
    : attribute && ({ kind: "attribute", name: forDisplay(attribute.name) } as const);
  return {
    ...(nameId.value.trim() === "" ? {} : { nameIdFormat: forDisplay(nameId.format) }),
    attributes: {
      count: attributes.length,
      first: attributes.slice(0, MAX_NAMED).map(({ name }) => forDisplay(name)),
    },
    ...defined({ addressIn }),
  };
}

/** A text that the identity provider chose: bounded, without control characters. */
function forDisplay(name: string): string {
  const text = name.slice(0, MAX_NAME_LENGTH).replace(/\p{C}/gu, "\ufffd");
  return name.length > MAX_NAME_LENGTH ? `${text}…` : text;
}

function candidatesOf(claims: Claims, source: EmailSource): readonly Candidate[] {
  const nameId = { from: "NameID", raw: claims.nameId.value };
  switch (source.kind) {
    case "name-id":
      return [nameId];
    case "attribute":
      return valuesOf(claims, [source.name]);
    case "automatic":
      return [
        ...(claims.nameId.format === EMAIL_NAME_ID_FORMAT ? [nameId] : []),
        ...valuesOf(claims, EMAIL_ATTRIBUTE_NAMES),
      ];
  }
}

function valuesOf({ attributes }: Claims, names: readonly string[]): readonly Candidate[] {
  return attributes
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, values }) => values.map((raw) => ({ from: name, raw })));
}

function placesOf(source: EmailSource): readonly string[] {
  switch (source.kind) {
    case "name-id":
      return ["NameID"];
    case "attribute":
      return [source.name];
    case "automatic":
      return [`NameID of format ${EMAIL_NAME_ID_FORMAT}`, ...EMAIL_ATTRIBUTE_NAMES];
  }
}
