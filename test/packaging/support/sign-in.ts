import type { SigningIdp } from "../../../src/testing/signing-idp.ts";
import { requestIdIn } from "../../support/arrivals.ts";
import { type Browser, makeBrowser } from "../../support/browser.ts";

/** A settings document with which everybody of the identity provider gets in. */
export function openDocument(idp: SigningIdp, role = "1"): unknown {
  return {
    enabled: true,
    connection: idp.connection(),
    email: { source: { kind: "automatic" } },
    autoProvisioning: {
      enabled: true,
      role,
      groups: role === "1" ? ["7"] : [],
      organizations: { kind: "selected", ids: [] },
    },
  };
}

/** Clicks "Sign in with SSO", is vouched for, and reads the page at which that ends. */
export async function signIn(
  idp: SigningIdp,
  saml: string,
  email: string,
  {
    returnTo = "/me",
    browser = makeBrowser(),
    attributes = {},
  }: { returnTo?: string; browser?: Browser; attributes?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly url: string; readonly text: string }> {
  const asked = await browser.get(`${saml}/login?returnTo=${encodeURIComponent(returnTo)}`);
  const form = idp.form({
    acsUrl: `${saml}/acs`,
    audience: `${saml}/metadata`,
    email,
    attributes,
    inResponseTo: requestIdIn(asked),
  });
  const answer = await browser.post(`${saml}/acs`, { ...form });
  const location = answer.headers.get("location");
  if (location === null) return { url: answer.url, text: await answer.text() };
  const page = await browser.get(new URL(location, saml).href);
  return { url: page.url, text: await page.text() };
}
