import { EMAIL_NAME_ID_FORMAT } from "../../../domain/email-identity.ts";
import type { ServiceProvider } from "../../../ports/identity-port.ts";
import { DATA_ENCRYPTION_OFFER, KEY_TRANSPORT_OFFER } from "../crypto/algorithms.ts";
import type { ServiceProviderKey } from "../crypto/decrypt.ts";
import type { ServiceProviderKeys } from "../crypto/service-provider-keys.ts";
import { NS, UNSPECIFIED } from "../xml/names.ts";
import type { XmlElement } from "../xml/tree.ts";
import {
  declareNamespaces,
  indent,
  makeElement,
  type PrefixedName,
  writeXml,
} from "../xml/write-xml.ts";
import { entityParts, roleParts, type ServiceProviderDescription } from "./sp-description.ts";

const BINDING = "urn:oasis:names:tc:SAML:2.0:bindings";

/** In the order in which we like them. */
export const DEFAULT_NAME_ID_FORMATS: readonly string[] = [
  EMAIL_NAME_ID_FORMAT,
  "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  UNSPECIFIED,
];

/** How we present ourselves besides endpoints. */
export interface MetadataOptions {
  readonly keys: ServiceProviderKeys;
  readonly signsRequests: boolean;
  readonly description: ServiceProviderDescription;
}

/**
 * Our SP metadata (SAML metadata section 2.4.4). It has no `validUntil`: what it says holds until
 * the host changes it, and an IdP that drops expired metadata would lock everybody out.
 */
export async function serviceProviderMetadata(
  sp: ServiceProvider,
  { keys, signsRequests, description }: MetadataOptions,
): Promise<string> {
  const { nameIdFormats = DEFAULT_NAME_ID_FORMATS } = description;
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
      ...(keys.encryption === undefined
        ? []
        : [keyDescriptor("encryption", keys.encryption, ENCRYPTION_METHODS)]),
      ...(sp.sloUrl === undefined ? [] : logoutServices(sp.sloUrl)),
      ...nameIdFormats.map((format) => makeElement("md:NameIDFormat", {}, [format])),
      consumerService(sp.acsUrl, { index: "0", isDefault: "true" }),
      ...(sp.additionalAcsUrls ?? []).map((url, index) =>
        consumerService(url, { index: String(index + 1) }),
      ),
      ...roleParts(description),
    ],
  );
  const entity = makeElement("md:EntityDescriptor", { entityID: sp.entityId }, [
    descriptor,
    ...entityParts(description),
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeXml(indent(declareNamespaces(entity)))}`;
}

/** What we decrypt without a setting, so that identity providers need not guess (section 2.4.1.1). */
const ENCRYPTION_METHODS: readonly XmlElement[] = [
  ...DATA_ENCRYPTION_OFFER.map((Algorithm) => makeElement("md:EncryptionMethod", { Algorithm })),
  ...KEY_TRANSPORT_OFFER.map(({ transport, digest }) =>
    makeElement("md:EncryptionMethod", { Algorithm: transport }, [
      makeElement("ds:DigestMethod", { Algorithm: digest }),
    ]),
  ),
];

function keyDescriptor(
  use: "signing" | "encryption",
  { certificate }: ServiceProviderKey,
  methods: readonly XmlElement[] = [],
): XmlElement {
  const data = makeElement("ds:X509Data", {}, [
    makeElement("ds:X509Certificate", {}, [certificate]),
  ]);
  return makeElement("md:KeyDescriptor", { use }, [
    makeElement("ds:KeyInfo", {}, [data]),
    ...methods,
  ]);
}

function consumerService(Location: string, place: Readonly<Record<string, string>>): XmlElement {
  return endpoint("md:AssertionConsumerService", "HTTP-POST", { Location, ...place });
}

function logoutServices(Location: string): readonly XmlElement[] {
  return ["HTTP-Redirect", "HTTP-POST"].map((binding) =>
    endpoint("md:SingleLogoutService", binding, { Location }),
  );
}

function endpoint(
  name: PrefixedName,
  binding: string,
  attributes: Readonly<Record<string, string>>,
): XmlElement {
  return makeElement(name, { Binding: `${BINDING}:${binding}`, ...attributes });
}
