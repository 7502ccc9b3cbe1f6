import type { IdentityProvider } from "../../domain/settings.ts";
import type { LoginRequest, ServiceProvider } from "../../ports/identity-port.ts";
import type { ServiceProviderKey } from "./crypto/decrypt.ts";
import { freshId } from "./wire/lexical-forms.ts";
import { postForm } from "./wire/post-binding.ts";
import { redirectUrl } from "./wire/redirect-binding.ts";
import { HTTP_POST, UNSPECIFIED } from "./xml/names.ts";
import type { XmlElement } from "./xml/tree.ts";
import { declareNamespaces, makeElement, writeXml } from "./xml/write-xml.ts";

/** Between whom a login request goes. */
export interface LoginRoute {
  readonly sp: ServiceProvider;
  readonly connection: IdentityProvider;
  /** Absent if the service provider has no key: then nothing is signed. */
  readonly signingKey: ServiceProviderKey | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * An AuthnRequest (SAML core section 3.4.1) by HTTP-Redirect or HTTP-POST, as the connection says.
 * RelayState is never sent: what we need to remember is in the browser's own cookie.
 */
export function loginRequest(route: LoginRoute): LoginRequest {
  const { ssoUrl, ssoBinding, signRequests } = route.connection;
  const id = freshId();
  const message = declareNamespaces(authnRequest(id, route));
  const key = signRequests ? route.signingKey : undefined;
  if (ssoBinding === "post") {
    return { id, message: postForm(ssoUrl, { parameter: "SAMLRequest", message }, key) };
  }
  const sent = { parameter: "SAMLRequest", xml: writeXml(message) } as const;
  return { id, message: { binding: "redirect", url: redirectUrl(ssoUrl, sent, key?.privateKey) } };
}

function authnRequest(id: string, { sp, connection, now }: LoginRoute): XmlElement {
  const { ssoUrl, forceAuthn, omitAcsUrl, nameIdFormat = UNSPECIFIED } = connection;
  const { requestedAuthnContext: context } = connection;
  return makeElement(
    "samlp:AuthnRequest",
    {
      ID: id,
      Version: "2.0",
      IssueInstant: new Date(now).toISOString(),
      Destination: ssoUrl,
      ...(omitAcsUrl === true
        ? {}
        : { ProtocolBinding: HTTP_POST, AssertionConsumerServiceURL: sp.acsUrl }),
      ...(forceAuthn === true ? { ForceAuthn: "true" } : {}),
    },
    [
      makeElement("saml:Issuer", {}, [sp.entityId]),
      makeElement("samlp:NameIDPolicy", { Format: nameIdFormat, AllowCreate: "true" }),
      ...(context === undefined
        ? []
        : [
            makeElement(
              "samlp:RequestedAuthnContext",
              { Comparison: context.comparison },
              context.classRefs.map((reference) =>
                makeElement("saml:AuthnContextClassRef", {}, [reference]),
              ),
            ),
          ]),
    ],
  );
}
