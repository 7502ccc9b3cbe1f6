import type { KeyObject } from "node:crypto";
import { loadLibrary } from "../../../ports/host-mistake.ts";
import type { ServiceProviderKey } from "../crypto/decrypt.ts";

let loading: Promise<typeof import("saml2-js")> | undefined;

/** saml2-js itself. It is imported once: even of a loaded module, every import costs. */
export function saml2Js(): Promise<typeof import("saml2-js")> {
  loading ??= loadLibrary("saml2-js", import("saml2-js")).then(({ default: library }) => library);
  return loading;
}

/**
 * Loads saml2-js, which the first sign-in needs, in the background: importing the plugin does not
 * wait for it. A failure is reported to the callers of {@link saml2Js}.
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
