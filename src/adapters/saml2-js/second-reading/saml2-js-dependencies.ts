import { createRequire } from "node:module";

/**
 * A dependency of saml2-js, in the very copy that it uses itself: another copy may be another
 * version, and read differently.
 */
export function dependencyOfSaml2Js(name: string): unknown {
  const ours = createRequire(import.meta.url);
  return createRequire(ours.resolve("saml2-js"))(name);
}
