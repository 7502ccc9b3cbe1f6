import type { ProfileMapping } from "./assertion.ts";
import type { EmailSource } from "./email-identity.ts";

/** Identity providers whose habits are known. */
export type VendorId =
  | "entra-id"
  | "okta"
  | "google-workspace"
  | "ad-fs"
  | "onelogin"
  | "keycloak"
  | "shibboleth"
  | "simplesamlphp"
  | "lemonldap-ng";

/**
 * The attributes that a vendor's identity provider sends when it is set up according to our guide.
 */
export interface AttributePreset {
  readonly vendor: VendorId;
  /** As the vendor writes it. */
  readonly name: string;
  /** Source of the email address. */
  readonly emailSource: EmailSource;
  /** Source of the address for display: `NameID` or the exact attribute name. */
  readonly email: string;
  /** Attributes with names. */
  readonly profile: ProfileMapping;
}

const CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";

/** One preset a vendor, in the order in which a form offers them. */
export const ATTRIBUTE_PRESETS: readonly AttributePreset[] = [
  {
    vendor: "entra-id",
    name: "Microsoft Entra ID",
    // The NameID is the user principal name, in the emailAddress format, and often another address.
    ...fromAttribute(`${CLAIMS}/emailaddress`),
    profile: {
      displayName: "http://schemas.microsoft.com/identity/claims/displayname",
      firstName: `${CLAIMS}/givenname`,
      lastName: `${CLAIMS}/surname`,
    },
  },
  {
    vendor: "okta",
    name: "Okta",
    ...fromAttribute("email"),
    profile: {
      displayName: "displayName",
      firstName: "firstName",
      lastName: "lastName",
    },
  },
  {
    vendor: "google-workspace",
    name: "Google Workspace",
    ...fromAttribute("email"),
    profile: {
      firstName: "firstName",
      lastName: "lastName",
    },
  },
  {
    vendor: "ad-fs",
    name: "AD FS",
    ...fromAttribute(`${CLAIMS}/emailaddress`),
    profile: {
      firstName: `${CLAIMS}/givenname`,
      lastName: `${CLAIMS}/surname`,
    },
  },
  {
    vendor: "onelogin",
    name: "OneLogin",
    emailSource: { kind: "name-id" },
    email: "NameID",
    profile: {
      firstName: "User.FirstName",
      lastName: "User.LastName",
    },
  },
  {
    vendor: "keycloak",
    name: "Keycloak",
    ...fromAttribute("urn:oid:1.2.840.113549.1.9.1"),
    profile: {
      firstName: "urn:oid:2.5.4.42",
      lastName: "urn:oid:2.5.4.4",
    },
  },
  {
    vendor: "shibboleth",
    name: "Shibboleth",
    ...fromAttribute("urn:oid:0.9.2342.19200300.100.1.3"),
    profile: {
      displayName: "urn:oid:2.16.840.1.113730.3.1.241",
      firstName: "urn:oid:2.5.4.42",
      lastName: "urn:oid:2.5.4.4",
    },
  },
  {
    vendor: "simplesamlphp",
    name: "SimpleSAMLphp",
    ...fromAttribute("mail"),
    profile: {
      displayName: "displayName",
      firstName: "givenName",
      lastName: "sn",
    },
  },
  {
    vendor: "lemonldap-ng",
    name: "LemonLDAP::NG",
    ...fromAttribute("mail"),
    profile: {
      displayName: "displayName",
      firstName: "givenName",
      lastName: "sn",
    },
  },
];

function fromAttribute(name: string): Pick<AttributePreset, "emailSource" | "email"> {
  return { emailSource: { kind: "attribute", name }, email: name };
}

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
