import { refuse } from "../rejection-error.ts";

/** XML namespaces, by the prefixes that the SAML specifications use. */
export const NS = {
  saml: "urn:oasis:names:tc:SAML:2.0:assertion",
  samlp: "urn:oasis:names:tc:SAML:2.0:protocol",
  md: "urn:oasis:names:tc:SAML:2.0:metadata",
  ds: "http://www.w3.org/2000/09/xmldsig#",
  xenc: "http://www.w3.org/2001/04/xmlenc#",
  xenc11: "http://www.w3.org/2009/xmlenc11#",
  ec: "http://www.w3.org/2001/10/xml-exc-c14n#",
} as const;

/** `urn:oasis:names:tc:SAML:2.0:status:Success`, SAML core section 3.2.2.2. */
export const STATUS_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";

/** The responder failed (SAML core section 3.2.2.2). */
export const STATUS_RESPONDER = "urn:oasis:names:tc:SAML:2.0:status:Responder";

/** Second-level status: not every session ended (SAML core section 3.2.2.2). */
export const STATUS_PARTIAL_LOGOUT = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout";

/** Bindings (SAML bindings sections 3.4 and 3.5). */
export const HTTP_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
export const HTTP_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/** NameID format that says nothing (SAML core section 8.3.1). */
export const UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

/** The namespace that the prefix `xml` stands for, always. */
export const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";
/** The namespace of declarations. */
export const XMLNS_NAMESPACE = "http://www.w3.org/2000/xmlns/";

/**
 * Readers that keep names in plain objects, as xmldom does, take `toString` or `__proto__` for
 * something else; others stumble over what is not ASCII. SAML needs neither.
 */
const NAME = /^[A-Za-z_][A-Za-z0-9._-]*$/;
const ABSOLUTE_URI = /^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]/;

/** Refuses a prefix or local name that XML parsers do not agree on: `xml-forbidden`. */
export function requirePlainName(name: string): void {
  if (!NAME.test(name) || name in Object.prototype) {
    refuse("xml-forbidden", "a name that XML parsers do not agree on");
  }
}

/**
 * Refuses a namespace name that is relative or contains white space: `xml-forbidden`.
 *
 * @param namespace as it is written; empty where the default namespace is undeclared.
 */
export function requireAbsolute(prefix: string, namespace: string): void {
  if (prefix === "" && namespace === "") return;
  if (!ABSOLUTE_URI.test(namespace) || /\s/.test(namespace)) {
    refuse("xml-forbidden", "a relative namespace name");
  }
}
