import { inflateRawSync } from "node:zlib";
import { type EmailAddress, parseEmailAddress } from "../../src/domain/email-address.ts";
import type { ResponseOptions } from "../../src/testing/signing-idp.ts";
import { type Browser, makeBrowser } from "./browser.ts";
import type { TestHost } from "./host.ts";

/** The form with which the identity provider sends somebody. */
export function formFor(
  host: TestHost,
  email: string,
  more: Partial<ResponseOptions> & { readonly relayState?: string } = {},
  base: string = `${host.baseUrl}/saml`,
): Record<string, string> {
  const to = { acsUrl: `${base}/acs`, audience: `${base}/metadata` };
  return { ...host.idp.form({ ...to, email, ...more }) };
}

/** Sends somebody from the identity provider's tile. */
export function arrive(
  host: TestHost,
  email: string,
  more: Parameters<typeof formFor>[2] = {},
  browser: Browser = makeBrowser(),
): Promise<Response> {
  return browser.post(`${host.baseUrl}/saml/acs`, formFor(host, email, more));
}

/** The ID of the login request in a redirect to the identity provider. */
export function requestIdIn(response: Response): string {
  const location = new URL(response.headers.get("location") ?? "");
  const message = Buffer.from(location.searchParams.get("SAMLRequest") ?? "", "base64");
  return / ID="([^"]+)"/.exec(inflateRawSync(message).toString("utf8"))?.[1] ?? "";
}

/** An address, or an exception. */
export function address(raw: string): EmailAddress {
  const parsed = parseEmailAddress(raw);
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.address;
}
