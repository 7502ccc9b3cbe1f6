import type { KeyObject } from "node:crypto";
import { loadLibrary } from "../../../ports/host-mistake.ts";
import type { ServiceProviderKey } from "../crypto/decrypt.ts";

/** saml2-js itself. */
export async function saml2Js(): Promise<typeof import("saml2-js")> {
  const { default: library } = await loadLibrary("saml2-js", import("saml2-js"));
  return library;
}

/**
 * Loads saml2-js, which the first sign-in needs, in the background: importing the plugin does not
 * wait for it. A failure is reported to the first caller of {@link saml2Js}.
 */
export function loadAhead(): void {
  saml2Js().catch(() => undefined);
}

const pems = new WeakMap<KeyObject, string>();

/** A private key as saml2-js takes it: PKCS #8 PEM, and an empty text for none. */
export function privateKeyPem(key: ServiceProviderKey | undefined): string {
  if (key === undefined) return "";
  const { privateKey } = key;
  const pem =
    pems.get(privateKey) ?? privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  pems.set(privateKey, pem);
  return pem;
}
