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
