import { pemBody } from "./certificate.ts";
import { element, NAMESPACES, text } from "./xml-text.ts";

/** SAML authentication context section 3.4.7. */
const PASSWORD_PROTECTED_TRANSPORT =
  "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

/** Content of the assertion; times are xs:dateTime strings. */
export interface AssertionContent {
  readonly id: string;
  readonly issuer: string;
  readonly issueInstant: string;
  readonly nameId: string;
  readonly nameIdFormat: string;
  readonly recipient: string;
  readonly audience: string;
  readonly notBefore: string;
  readonly notOnOrAfter: string;
  readonly inResponseTo?: string;
  /** Default: {@link issueInstant}. */
  readonly authnInstant?: string;
  /** Default: PasswordProtectedTransport. */
  readonly authnContextClassRef?: string;
  readonly sessionIndex?: string;
  readonly sessionNotOnOrAfter?: string;
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
}

/** An Assertion of the Web SSO profile (SAML profiles section 4.1.4.2), in canonical form. */
export function assertionXml(content: AssertionContent): string {
  return element(
    "saml:Assertion",
    {
      "xmlns:saml": NAMESPACES.saml,
      ID: content.id,
      IssueInstant: content.issueInstant,
      Version: "2.0",
    },
    element("saml:Issuer", {}, text(content.issuer)),
    subjectXml(content),
    conditionsXml(content),
    authnStatementXml(content),
    attributeStatementXml(content.attributes),
  );
}

function subjectXml(content: AssertionContent): string {
  const data = element("saml:SubjectConfirmationData", {
    InResponseTo: content.inResponseTo,
    NotOnOrAfter: content.notOnOrAfter,
    Recipient: content.recipient,
  });
  return element(
    "saml:Subject",
    {},
    element("saml:NameID", { Format: content.nameIdFormat }, text(content.nameId)),
    element("saml:SubjectConfirmation", { Method: "urn:oasis:names:tc:SAML:2.0:cm:bearer" }, data),
  );
}

function conditionsXml({ notBefore, notOnOrAfter, audience }: AssertionContent): string {
  return element(
    "saml:Conditions",
    { NotBefore: notBefore, NotOnOrAfter: notOnOrAfter },
    element("saml:AudienceRestriction", {}, element("saml:Audience", {}, text(audience))),
  );
}

function authnStatementXml(content: AssertionContent): string {
  return element(
    "saml:AuthnStatement",
    {
      AuthnInstant: content.authnInstant ?? content.issueInstant,
      SessionIndex: content.sessionIndex,
      SessionNotOnOrAfter: content.sessionNotOnOrAfter,
    },
    element(
      "saml:AuthnContext",
      {},
      element(
        "saml:AuthnContextClassRef",
        {},
        text(content.authnContextClassRef ?? PASSWORD_PROTECTED_TRANSPORT),
      ),
    ),
  );
}

function attributeStatementXml(attributes: AssertionContent["attributes"]): string {
  const names = Object.keys(attributes);
  if (names.length === 0) return "";
  const written = Object.entries(attributes).map(([name, values]) =>
    element(
      "saml:Attribute",
      { Name: name, NameFormat: "urn:oasis:names:tc:SAML:2.0:attrname-format:basic" },
      ...[values].flat().map((value) => element("saml:AttributeValue", {}, text(value))),
    ),
  );
  return element("saml:AttributeStatement", {}, ...written);
}

/** Content of a Response except its assertion; times are xs:dateTime strings. */
export interface ResponseContent {
  readonly id: string;
  readonly issuer: string;
  readonly issueInstant: string;
  readonly destination: string;
  readonly inResponseTo?: string;
  /** Status codes, the outermost first. */
  readonly status: readonly string[];
  /** The Assertion or EncryptedAssertion, canonical; empty without one. */
  readonly assertion: string;
}

/** `urn:oasis:names:tc:SAML:2.0:status:Success`. */
export const STATUS_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";

/** A Response (SAML core section 3.2.2), in canonical form. */
export function responseXml(content: ResponseContent): string {
  return element(
    "samlp:Response",
    {
      "xmlns:samlp": NAMESPACES.samlp,
      Destination: content.destination,
      ID: content.id,
      InResponseTo: content.inResponseTo,
      IssueInstant: content.issueInstant,
      Version: "2.0",
    },
    issuerXml(content.issuer),
    element("samlp:Status", {}, statusCodeXml(content.status)),
    content.assertion,
  );
}

/** An Issuer that declares its own prefix. */
function issuerXml(issuer: string): string {
  return element("saml:Issuer", { "xmlns:saml": NAMESPACES.saml }, text(issuer));
}

function statusCodeXml([outer, ...inner]: readonly string[]): string {
  return outer === undefined
    ? ""
    : element("samlp:StatusCode", { Value: outer }, statusCodeXml(inner));
}

/** Parsed metadata of an identity provider. */
export interface MetadataContent {
  readonly entityId: string;
  readonly ssoUrl: string;
  /** Absent without single logout. */
  readonly sloUrl?: string | undefined;
  /** PEM. */
  readonly certificates: readonly string[];
}

const HTTP_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const HTTP_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const NAME_ID_FORMATS = [
  "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
  "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
];

/** The EntityDescriptor of an identity provider (SAML metadata section 2.4.3). */
export function metadataXml({ entityId, ssoUrl, sloUrl, certificates }: MetadataContent): string {
  const endpoints = (name: string, location: string): readonly string[] =>
    [HTTP_REDIRECT, HTTP_POST].map((binding) =>
      element(name, { Binding: binding, Location: location }),
    );
  return element(
    "md:EntityDescriptor",
    { "xmlns:md": NAMESPACES.md, entityID: entityId },
    element(
      "md:IDPSSODescriptor",
      { protocolSupportEnumeration: NAMESPACES.samlp, WantAuthnRequestsSigned: "false" },
      ...certificates.map(keyDescriptorXml),
      ...(sloUrl === undefined ? [] : endpoints("md:SingleLogoutService", sloUrl)),
      ...NAME_ID_FORMATS.map((format) => element("md:NameIDFormat", {}, format)),
      ...endpoints("md:SingleSignOnService", ssoUrl),
    ),
  );
}

function keyDescriptorXml(certificate: string): string {
  return element(
    "md:KeyDescriptor",
    { use: "signing" },
    element(
      "ds:KeyInfo",
      { "xmlns:ds": NAMESPACES.ds },
      element("ds:X509Data", {}, element("ds:X509Certificate", {}, pemBody(certificate))),
    ),
  );
}
