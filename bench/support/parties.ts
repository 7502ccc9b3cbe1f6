import type { IdentityProvider } from "../../src/domain/settings.ts";
import type { ServiceProvider } from "../../src/ports/identity-port.ts";
import { makeTestKey, type TestKey } from "../../src/testing/signing-idp/certificate.ts";
import {
  makeSigningIdp,
  type ResponseOptions,
  type SigningIdp,
} from "../../src/testing/signing-idp.ts";

/** The service provider that everything is sent to. */
export const SP: ServiceProvider = {
  entityId: "https://app.example/saml/metadata",
  acsUrl: "https://app.example/saml/acs",
};

/** The service provider's key pair. */
export const spKey: TestKey = makeTestKey({ subject: "service provider" });

/** The identity provider. */
export const idp: SigningIdp = makeSigningIdp();

/** The connection to it, with these certificates. */
export function connectionWith(
  certificates: readonly string[] = [idp.certificate],
): IdentityProvider {
  return idp.connection({ certificates });
}

/** What a usual response says: ten attributes. */
export const usual: ResponseOptions = {
  acsUrl: SP.acsUrl,
  audience: SP.entityId,
  email: "ada@customer.example",
  attributes: Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`attribute-${index}`, `value ${index}`]),
  ),
};
