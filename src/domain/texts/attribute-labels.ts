/** Common names of attributes sent under an OID (RFC 4524, RFC 4519, eduPerson). */
const LABELS: ReadonlyMap<string, string> = new Map([
  ["urn:oid:0.9.2342.19200300.100.1.1", "uid"],
  ["urn:oid:0.9.2342.19200300.100.1.3", "mail"],
  ["urn:oid:1.2.840.113549.1.9.1", "email"],
  ["urn:oid:1.3.6.1.4.1.5923.1.1.1.1", "eduPersonAffiliation"],
  ["urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "eduPersonPrincipalName"],
  ["urn:oid:1.3.6.1.4.1.5923.1.1.1.9", "eduPersonScopedAffiliation"],
  ["urn:oid:1.3.6.1.4.1.5923.1.1.1.10", "eduPersonTargetedID"],
  ["urn:oid:2.16.840.1.113730.3.1.3", "employeeNumber"],
  ["urn:oid:2.16.840.1.113730.3.1.241", "displayName"],
  ["urn:oid:2.5.4.3", "cn"],
  ["urn:oid:2.5.4.4", "sn"],
  ["urn:oid:2.5.4.10", "o"],
  ["urn:oid:2.5.4.11", "ou"],
  ["urn:oid:2.5.4.12", "title"],
  ["urn:oid:2.5.4.42", "givenName"],
]);

/** The friendly name of an attribute (SAML core section 2.7.3.1) whose name is an OID. */
export function attributeLabel(name: string): string | undefined {
  return LABELS.get(name);
}
