import type { KeyObject } from "node:crypto";
import { createRequire } from "node:module";
import { loadLibrary } from "../../../ports/errors.ts";
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

let requireOfSaml2Js: NodeJS.Require | undefined;

/**
 * A dependency of saml2-js, in the very copy that it uses itself: another copy may be another
 * version, and read differently.
 */
export function dependencyOfSaml2Js(name: string): unknown {
  requireOfSaml2Js ??= createRequire(createRequire(import.meta.url).resolve("saml2-js"));
  return requireOfSaml2Js(name);
}

/** The part of the `debug` package that decides what is printed. */
interface DebugModule {
  enabled(namespace: string): boolean;
}

/** The part of xml-encryption that writes to the console. */
interface EncryptionUtilities {
  warnInsecureAlgorithm(algorithm: string): void;
}

const SILENCED: ReadonlySet<string> = new Set(["saml2"]);
let silent = false;

/**
 * saml2-js prints whole assertions, decrypted ones too, when `DEBUG` names it (or is `*`), and its
 * decryption library writes to the console at every weak algorithm, which our audit trail reports to
 * administrators already. Both are switched off in the copies that saml2-js uses, once per process;
 * everything else prints as before.
 */
export function silenceSaml2Js(): void {
  if (silent) return;
  silent = true;
  const debug = dependencyOfSaml2Js("debug");
  if (hasMethod<DebugModule>(debug, "enabled")) {
    const enabled = debug.enabled.bind(debug);
    debug.enabled = (namespace) => !SILENCED.has(namespace) && enabled(namespace);
  }
  const utilities = dependencyOfSaml2Js("xml-encryption/lib/utils.js");
  if (hasMethod<EncryptionUtilities>(utilities, "warnInsecureAlgorithm")) {
    utilities.warnInsecureAlgorithm = () => undefined;
  }
}

function hasMethod<T>(module: unknown, name: keyof T & string): module is T {
  const isObject = typeof module === "function" || (typeof module === "object" && module !== null);
  return isObject && typeof Reflect.get(module, name) === "function";
}
