import { createRequire } from "node:module";

let requireOfSaml2Js: NodeJS.Require | undefined;

/**
 * A dependency of saml2-js, in the very copy that it uses itself: another copy may be another
 * version, and read differently.
 */
export function dependencyOfSaml2Js(name: string): unknown {
  requireOfSaml2Js ??= createRequire(createRequire(import.meta.url).resolve("saml2-js"));
  return requireOfSaml2Js(name);
}
