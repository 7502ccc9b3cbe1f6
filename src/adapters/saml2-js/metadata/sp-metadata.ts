import { EMAIL_NAME_ID_FORMAT } from "../../../domain/email-identity.ts";
import type { ServiceProvider } from "../../../ports/identity-port.ts";
import type { ServiceProviderKey } from "../crypto/decrypt.ts";
import type { ServiceProviderKeys } from "../crypto/service-provider-keys.ts";
import { declareNamespaces, indent, makeElement } from "../xml/build-xml.ts";
import { NS } from "../xml/namespaces.ts";
import type { XmlElement } from "../xml/tree.ts";
import { writtenXml } from "../xml/write-xml.ts";

const BINDING = "urn:oasis:names:tc:SAML:2.0:bindings";

/** In the order in which we like them. */
const NAME_ID_FORMATS: readonly string[] = [
  EMAIL_NAME_ID_FORMAT,
  "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
];

/** How we present ourselves besides endpoints. */
export interface MetadataOptions {
  readonly keys: ServiceProviderKeys;
  readonly signsRequests: boolean;
}

/**
 * Our SP metadata (SAML metadata section 2.4.4). It has no `validUntil`: what it says holds until
 * the host changes it, and an IdP that drops expired metadata would lock everybody out.
 */
export async function serviceProviderMetadata(
  sp: ServiceProvider,
  { keys, signsRequests }: MetadataOptions,
): Promise<string> {
  const descriptor = makeElement(
    "md:SPSSODescriptor",
    {
      AuthnRequestsSigned: String(signsRequests),
      WantAssertionsSigned: "true",
      protocolSupportEnumeration: NS.samlp,
    },
    [
      // Peers verify with any of them, but each takes another one to encrypt to: Lasso the last.
      ...keys.all.map((key) => keyDescriptor("signing", key)),
      ...(keys.encryption === undefined ? [] : [keyDescriptor("encryption", keys.encryption)]),
      ...(sp.sloUrl === undefined ? [] : logoutServices(sp.sloUrl)),
      ...NAME_ID_FORMATS.map((format) => makeElement("md:NameIDFormat", {}, [format])),
      makeElement("md:AssertionConsumerService", {
        Binding: `${BINDING}:HTTP-POST`,
        Location: sp.acsUrl,
        index: "0",
        isDefault: "true",
      }),
    ],
  );
  const entity = makeElement("md:EntityDescriptor", { entityID: sp.entityId }, [descriptor]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writtenXml(indent(declareNamespaces(entity)))}`;
}

function keyDescriptor(use: string, { certificate }: ServiceProviderKey): XmlElement {
  const data = makeElement("ds:X509Data", {}, [
    makeElement("ds:X509Certificate", {}, [certificate]),
  ]);
  return makeElement("md:KeyDescriptor", { use }, [makeElement("ds:KeyInfo", {}, [data])]);
}

function logoutServices(url: string): readonly XmlElement[] {
  return ["HTTP-Redirect", "HTTP-POST"].map((binding) =>
    makeElement("md:SingleLogoutService", { Binding: `${BINDING}:${binding}`, Location: url }),
  );
}
