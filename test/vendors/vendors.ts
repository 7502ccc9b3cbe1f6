import { readFileSync } from "node:fs";
import {
  ATTRIBUTE_PRESETS,
  type AttributePreset,
  type VendorId,
} from "../../src/domain/attribute-presets.ts";
import type { IdentityProvider } from "../../src/domain/settings.ts";
import type { ServiceProvider } from "../../src/ports/identity-port.ts";

/** The service provider that every fixture was made for. */
export const SERVICE_PROVIDER: ServiceProvider = {
  entityId: "https://app.example/saml/metadata",
  acsUrl: "https://app.example/saml/acs",
};

/** The login request that every fixture answers. */
export const REQUEST_ID = "_2f4c8a1b6d0e4f7a9c3b5d8e1f2a4c6b8d0e2f4a";

/** Two seconds after every fixture was issued. */
export const NOW: number = Date.parse("2026-03-02T09:30:02Z");

/** What the documentation of a vendor lets expect, and where it says so. */
export interface Vendor {
  readonly id: VendorId;
  readonly preset: AttributePreset;
  /** Pages of the vendor that the shape was taken from. */
  readonly sources: readonly string[];
  readonly entityId: string;
  readonly ssoUrl: string;
  readonly sloUrl?: string;
  readonly sloResponseUrl?: string;
  /** How many signing certificates its metadata lists. */
  readonly certificates: number;
  readonly wantsSignedRequests: boolean;
  readonly expected: {
    readonly email: string;
    readonly displayName?: string;
    readonly firstName: string;
    readonly lastName: string;
  };
  /** What the source `automatic` makes of the same response. */
  readonly automatic: "email" | "ambiguous";
}

const ADA = { firstName: "Ada", lastName: "Lovelace" } as const;
const ADA_WITH_DISPLAY_NAME = { ...ADA, displayName: "Ada Lovelace" } as const;

/** The identity providers that the documentation guides through. */
export const VENDORS: readonly Vendor[] = [
  {
    ...identified("entra-id"),
    sources: [
      "https://learn.microsoft.com/en-us/entra/identity-platform/single-sign-on-saml-protocol",
      "https://learn.microsoft.com/en-us/entra/identity-platform/reference-saml-tokens",
      "https://learn.microsoft.com/en-us/entra/identity-platform/federation-metadata",
    ],
    entityId: "https://sts.windows.net/5c1d9f3e-2b47-4d0a-8f6b-9e3a7c2d1b40/",
    ssoUrl: "https://login.microsoftonline.com/5c1d9f3e-2b47-4d0a-8f6b-9e3a7c2d1b40/saml2",
    sloUrl: "https://login.microsoftonline.com/5c1d9f3e-2b47-4d0a-8f6b-9e3a7c2d1b40/saml2",
    certificates: 2,
    wantsSignedRequests: false,
    expected: { email: "ada.lovelace@contoso.example", ...ADA_WITH_DISPLAY_NAME },
    // The user principal name and the address differ here, as they do in many directories.
    automatic: "ambiguous",
  },
  {
    ...identified("okta"),
    sources: ["https://help.okta.com/en-us/Content/Topics/Apps/aiw-saml-reference.htm"],
    entityId: "http://www.okta.com/exk1a2b3c4D5e6F7g8h9",
    ssoUrl: "https://customer.okta.com/app/customer_app_1/exk1a2b3c4D5e6F7g8h9/sso/saml",
    certificates: 1,
    wantsSignedRequests: false,
    expected: { email: "ada@customer.example", ...ADA_WITH_DISPLAY_NAME },
    automatic: "email",
  },
  {
    ...identified("google-workspace"),
    sources: ["https://support.google.com/a/answer/6087519"],
    entityId: "https://accounts.google.com/o/saml2?idpid=C01abcd2e",
    ssoUrl: "https://accounts.google.com/o/saml2/idp?idpid=C01abcd2e",
    certificates: 2,
    wantsSignedRequests: false,
    expected: { email: "ada@customer.example", ...ADA },
    automatic: "email",
  },
  {
    ...identified("ad-fs"),
    sources: [
      "https://learn.microsoft.com/en-us/windows-server/identity/ad-fs/operations/create-a-rule-to-send-ldap-attributes-as-claims",
      "https://learn.microsoft.com/en-us/windows-server/identity/ad-fs/technical-reference/the-role-of-claims",
    ],
    entityId: "http://adfs.customer.example/adfs/services/trust",
    ssoUrl: "https://adfs.customer.example/adfs/ls/",
    sloUrl: "https://adfs.customer.example/adfs/ls/",
    certificates: 1,
    wantsSignedRequests: false,
    expected: { email: "ada.lovelace@customer.example", ...ADA },
    automatic: "email",
  },
  {
    ...identified("onelogin"),
    sources: ["https://developers.onelogin.com/saml"],
    entityId: "https://app.onelogin.com/saml/metadata/2f7c3a10-5b64-4e0d-a9c8-1d2e3f405162",
    ssoUrl:
      "https://customer.onelogin.com/trust/saml2/http-post/sso/2f7c3a10-5b64-4e0d-a9c8-1d2e3f405162",
    sloUrl: "https://customer.onelogin.com/trust/saml2/http-redirect/slo/705399",
    certificates: 1,
    wantsSignedRequests: false,
    expected: { email: "ada@customer.example", ...ADA },
    automatic: "email",
  },
  {
    ...identified("keycloak"),
    sources: ["https://www.keycloak.org/docs/latest/server_admin/#_client-saml-configuration"],
    entityId: "https://sso.customer.example/realms/customer",
    ssoUrl: "https://sso.customer.example/realms/customer/protocol/saml",
    sloUrl: "https://sso.customer.example/realms/customer/protocol/saml",
    certificates: 2,
    wantsSignedRequests: true,
    expected: { email: "ada@customer.example", ...ADA },
    automatic: "email",
  },
  {
    ...identified("shibboleth"),
    sources: [
      "https://wiki.shibboleth.net/confluence/display/IDP4/SAML2SSOConfiguration",
      "https://www.ukfederation.org.uk/content/Documents/IdPEncryptionOptions",
    ],
    entityId: "https://idp.university.example/idp/shibboleth",
    ssoUrl: "https://idp.university.example/idp/profile/SAML2/Redirect/SSO",
    sloUrl: "https://idp.university.example/idp/profile/SAML2/Redirect/SLO",
    certificates: 2,
    wantsSignedRequests: false,
    expected: { email: "ada.lovelace@university.example", ...ADA_WITH_DISPLAY_NAME },
    automatic: "email",
  },
  {
    ...identified("simplesamlphp"),
    sources: [
      "https://simplesamlphp.org/docs/stable/simplesamlphp-reference-idp-hosted.html",
      "https://simplesamlphp.org/docs/stable/simplesamlphp-reference-sp-remote.html",
    ],
    entityId: "https://idp.university.example/simplesaml/saml2/idp/metadata.php",
    ssoUrl: "https://idp.university.example/simplesaml/saml2/idp/SSOService.php",
    sloUrl: "https://idp.university.example/simplesaml/saml2/idp/SingleLogoutService.php",
    certificates: 2,
    wantsSignedRequests: false,
    expected: { email: "ada.lovelace@university.example", ...ADA_WITH_DISPLAY_NAME },
    automatic: "email",
  },
  {
    ...identified("lemonldap-ng"),
    sources: [
      "https://lemonldap-ng.org/documentation/latest/samlservice.html",
      "https://lemonldap-ng.org/documentation/latest/idpsaml.html",
    ],
    entityId: "https://auth.customer.example/saml/metadata",
    ssoUrl: "https://auth.customer.example/saml/singleSignOn",
    sloUrl: "https://auth.customer.example/saml/singleLogout",
    sloResponseUrl: "https://auth.customer.example/saml/singleLogoutReturn",
    certificates: 1,
    wantsSignedRequests: true,
    expected: { email: "ada@customer.example", ...ADA_WITH_DISPLAY_NAME },
    automatic: "email",
  },
];

/** A file that was made for a vendor. */
export function fixture(vendor: VendorId, part: "response" | "encrypted" | "metadata"): string {
  return read(`${vendor}/${part}.xml`);
}

/** The test service provider's key pair; Shibboleth's fixture is encrypted to it. */
export function serviceProviderKey(): {
  readonly privateKey: string;
  readonly certificate: string;
} {
  return { privateKey: read("service-provider.key"), certificate: read("service-provider.crt") };
}

/** What an administrator would have saved for a vendor. */
export function connectionTo(
  { entityId, ssoUrl }: Vendor,
  certificates: readonly string[],
): IdentityProvider {
  return {
    entityId,
    ssoUrl,
    certificates,
    idpInitiated: true,
    signRequests: false,
    weakAlgorithms: [],
    acceptExpiredCertificates: false,
  };
}

function identified(id: VendorId): Pick<Vendor, "id" | "preset"> {
  const preset = ATTRIBUTE_PRESETS.find(({ vendor }) => vendor === id);
  if (preset === undefined) throw new Error(`no preset for ${id}`);
  return { id, preset };
}

function read(path: string): string {
  return readFileSync(new URL(`fixtures/${path}`, import.meta.url), "utf8");
}
