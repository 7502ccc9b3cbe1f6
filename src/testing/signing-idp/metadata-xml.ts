import { pemBody } from "./certificate.ts";
import { element, NAMESPACES } from "./xml-text.ts";

/** Parsed metadata of an identity provider. */
export interface MetadataContent {
  readonly entityId: string;
  readonly ssoUrl: string;
  readonly sloUrl: string;
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
      ...endpoints("md:SingleLogoutService", sloUrl),
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
