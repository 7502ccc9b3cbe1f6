import type { IdentityProvider } from "../../domain/settings.ts";
import type { LoginRequest, ServiceProvider } from "../../ports/identity-port.ts";
import type { ServiceProviderKey } from "./crypto/decrypt.ts";
import { privateKeyPem, saml2Js } from "./second-reading/libraries.ts";

/**
 * An AuthnRequest by HTTP-Redirect, made by saml2-js. RelayState is never sent: what we need to
 * remember is in the browser's own cookie.
 */
export async function loginRequest(
  sp: ServiceProvider,
  connection: IdentityProvider,
  signingKey: ServiceProviderKey | undefined,
): Promise<LoginRequest> {
  const saml2 = await saml2Js();
  const serviceProvider = new saml2.ServiceProvider({
    entity_id: sp.entityId,
    assert_endpoint: sp.acsUrl,
    private_key: privateKeyPem(signingKey),
    certificate: "",
  });
  const identityProvider = new saml2.IdentityProvider({
    sso_login_url: connection.ssoUrl,
    sso_logout_url: connection.sloUrl ?? connection.ssoUrl,
    certificates: [],
    sign_get_request: connection.signRequests && signingKey !== undefined,
  });
  return new Promise((resolve, reject) => {
    serviceProvider.create_login_request_url(identityProvider, {}, (error, url, id) => {
      if (error === null || error === undefined) resolve({ id, url });
      else reject(error);
    });
  });
}
