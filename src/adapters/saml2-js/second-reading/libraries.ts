import { loadedLibrary } from "../../../ports/host-mistake.ts";

/** saml2-js itself. */
export async function saml2Js(): Promise<typeof import("saml2-js")> {
  const { default: library } = await loadedLibrary("saml2-js", import("saml2-js"));
  return library;
}

/**
 * Loads saml2-js, which the first sign-in needs, in the background: importing the plugin does not
 * wait for it. A failure is reported to the first caller of {@link saml2Js}.
 */
export function loadAhead(): void {
  saml2Js().catch(() => undefined);
}
