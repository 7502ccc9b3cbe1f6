import { defined } from "../../../domain/defined.ts";
import type { XmlElement, XmlNode } from "../xml/tree.ts";
import { makeElement, type PrefixedName } from "../xml/write-xml.ts";

/** A text in English, or texts by language tag (`{ en: "…", de: "…" }`). */
export type LocalizedText = string | Readonly<Record<string, string>>;

/** The organization that runs the service (SAML metadata section 2.3.2.1). */
export interface MetadataOrganization {
  /** Legal name. */
  readonly name: LocalizedText;
  /** Name for users. Default: `name`. */
  readonly displayName?: LocalizedText;
  /** Web page for users. */
  readonly url: LocalizedText;
}

/** A person or group to contact (SAML metadata section 2.3.2.2). */
export interface MetadataContact {
  /** What the contact is for. */
  readonly type: "technical" | "support" | "administrative" | "billing" | "other";
  /** Company. */
  readonly company?: string;
  /** First name. */
  readonly givenName?: string;
  /** Last name. */
  readonly surname?: string;
  /** Email addresses, without `mailto:`. */
  readonly emailAddresses?: readonly string[];
  /** Telephone numbers. */
  readonly telephoneNumbers?: readonly string[];
}

/** An attribute that identity providers should send (SAML metadata section 2.4.4.2). */
export interface RequestedAttribute {
  /** Its Name. */
  readonly name: string;
  /** URI of the name's format. Default: `urn:oasis:names:tc:SAML:2.0:attrname-format:basic`. */
  readonly nameFormat?: string;
  /** Name for people. */
  readonly friendlyName?: string;
  /** Whether the service cannot do without it. Default: false. */
  readonly required?: boolean;
}

/** The service as users of the identity provider see it, and the attributes that it asks for. */
export interface AttributeConsumingService {
  /** Name of the service. */
  readonly serviceName: LocalizedText;
  /** Description of the service. */
  readonly serviceDescription?: LocalizedText;
  /** At least one. */
  readonly requestedAttributes: readonly RequestedAttribute[];
}

/** What our metadata says besides endpoints and keys. */
export interface ServiceProviderDescription {
  /**
   * NameID formats in our order of preference. Default: emailAddress, persistent, unspecified.
   */
  readonly nameIdFormats?: readonly string[];
  /** Default: none. */
  readonly organization?: MetadataOrganization;
  /** Default: none. */
  readonly contacts?: readonly MetadataContact[];
  /** Default: none. */
  readonly attributeConsumingService?: AttributeConsumingService;
}

/** The end of the SPSSODescriptor. */
export function roleParts({
  attributeConsumingService: service,
}: ServiceProviderDescription): readonly XmlElement[] {
  if (service === undefined) return [];
  return [
    makeElement("md:AttributeConsumingService", { index: "0", isDefault: "true" }, [
      ...localized("md:ServiceName", service.serviceName),
      ...localized("md:ServiceDescription", service.serviceDescription),
      ...service.requestedAttributes.map(requestedAttribute),
    ]),
  ];
}

/** The end of the EntityDescriptor. */
export function entityParts({
  organization,
  contacts = [],
}: ServiceProviderDescription): readonly XmlElement[] {
  return [
    ...(organization === undefined ? [] : [organizationElement(organization)]),
    ...contacts.map(contactElement),
  ];
}

const BASIC_NAME_FORMAT = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";

function requestedAttribute({
  name,
  nameFormat = BASIC_NAME_FORMAT,
  friendlyName,
  required = false,
}: RequestedAttribute): XmlElement {
  return makeElement("md:RequestedAttribute", {
    Name: name,
    NameFormat: nameFormat,
    ...defined({ FriendlyName: friendlyName }),
    isRequired: String(required),
  });
}

function organizationElement({ name, displayName = name, url }: MetadataOrganization): XmlElement {
  return makeElement("md:Organization", {}, [
    ...localized("md:OrganizationName", name),
    ...localized("md:OrganizationDisplayName", displayName),
    ...localized("md:OrganizationURL", url),
  ]);
}

function contactElement(contact: MetadataContact): XmlElement {
  const { type, company, givenName, surname, emailAddresses, telephoneNumbers } = contact;
  return makeElement("md:ContactPerson", { contactType: type }, [
    ...texts("md:Company", company),
    ...texts("md:GivenName", givenName),
    ...texts("md:SurName", surname),
    ...texts(
      "md:EmailAddress",
      emailAddresses?.map((address) => `mailto:${address}`),
    ),
    ...texts("md:TelephoneNumber", telephoneNumbers),
  ]);
}

function texts(
  name: PrefixedName,
  given: string | readonly string[] | undefined = [],
): readonly XmlNode[] {
  return [given].flat().map((text) => makeElement(name, {}, [text]));
}

function localized(name: PrefixedName, given: LocalizedText | undefined): readonly XmlElement[] {
  const byLanguage = typeof given === "string" ? { en: given } : (given ?? {});
  return Object.entries(byLanguage).map(([language, text]) =>
    makeElement(name, { "xml:lang": language }, [text]),
  );
}
