import { dependencyOfSaml2Js } from "./saml2-js-dependencies.ts";

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
 * saml2-js prints whole assertions, decrypted ones too, when `DEBUG` names it (or is `*`), and what
 * it decrypts with writes to the console at every weak algorithm, which our own audit trail says
 * where administrators look. Both are taken out of the copies that it uses, once a process; all
 * else prints as before.
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
