import { dependencyOfSaml2Js } from "./own-copies.ts";

/** The part of the `debug` package that decides what is printed. */
interface DebugModule {
  enabled(namespace: string): boolean;
}

const SILENCED: ReadonlySet<string> = new Set(["saml2"]);

/**
 * saml2-js prints whole assertions, decrypted ones too, when `DEBUG` names it (or is `*`). This
 * takes its namespace out of the copy of `debug` that it uses; all others print as before.
 */
export function silenceSaml2Js(): void {
  const debug = dependencyOfSaml2Js("debug");
  if (!isDebugModule(debug)) return;
  const enabled = debug.enabled.bind(debug);
  debug.enabled = (namespace) => !SILENCED.has(namespace) && enabled(namespace);
}

function isDebugModule(module: unknown): module is DebugModule {
  return (
    typeof module === "function" && "enabled" in module && typeof module.enabled === "function"
  );
}
