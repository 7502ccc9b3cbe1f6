import { EMAIL_NAME_ID_FORMAT } from "../../domain/email-identity.ts";
import type { ServiceProvider } from "../../ports/identity-port.ts";
import type { ServiceProviderKey } from "./decrypt.ts";
import { xmlBuilder } from "./libraries.ts";
import { NS } from "./namespaces.ts";

const BINDING = "urn:oasis:names:tc:SAML:2.0:bindings";

/** In the order in which we like them. */
const NAME_ID_FORMATS: readonly string[] = [
  EMAIL_NAME_ID_FORMAT,
  "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
];

/** How we present ourselves besides endpoints. */
export interface MetadataOptions {
  readonly keys: readonly ServiceProviderKey[];
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
  const { create } = await xmlBuilder();
  const document = create({ version: "1.0", encoding: "UTF-8" });
  const descriptor = document
    .ele(NS.md, "md:EntityDescriptor", { entityID: sp.entityId })
    .ele(NS.md, "md:SPSSODescriptor", {
      AuthnRequestsSigned: String(signsRequests),
      WantAssertionsSigned: "true",
      protocolSupportEnumeration: NS.samlp,
    });
  for (const use of ["signing", "encryption"]) {
    for (const { certificate } of keys) {
      descriptor
        .ele(NS.md, "md:KeyDescriptor", { use })
        .ele(NS.ds, "ds:KeyInfo")
        .ele(NS.ds, "ds:X509Data")
        .ele(NS.ds, "ds:X509Certificate")
        .txt(certificate);
    }
  }
  for (const binding of sp.sloUrl === undefined ? [] : ["HTTP-Redirect", "HTTP-POST"]) {
    descriptor.ele(NS.md, "md:SingleLogoutService", {
      Binding: `${BINDING}:${binding}`,
      Location: sp.sloUrl,
    });
  }
  for (const format of NAME_ID_FORMATS) descriptor.ele(NS.md, "md:NameIDFormat").txt(format);
  descriptor.ele(NS.md, "md:AssertionConsumerService", {
    Binding: `${BINDING}:HTTP-POST`,
    Location: sp.acsUrl,
    index: "0",
    isDefault: "true",
  });
  return document.end({ prettyPrint: true });
}
