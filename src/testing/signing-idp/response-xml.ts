import { element, NAMESPACES, text } from "./xml-text.ts";

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
export function issuerXml(issuer: string): string {
  return element("saml:Issuer", { "xmlns:saml": NAMESPACES.saml }, text(issuer));
}

function statusCodeXml([outer, ...inner]: readonly string[]): string {
  return outer === undefined
    ? ""
    : element("samlp:StatusCode", { Value: outer }, statusCodeXml(inner));
}
