import { loadedLibrary } from "../../application/loaded-library.ts";

/** saml2-js itself. */
export async function saml2Js(): Promise<typeof import("saml2-js")> {
  const { default: library } = await loadedLibrary("saml2-js", import("saml2-js"));
  return library;
}

/** What writes XML. */
export function xmlBuilder(): Promise<typeof import("xmlbuilder2")> {
  return loadedLibrary("xmlbuilder2", import("xmlbuilder2"));
}

/**
 * Loads in the background what the first sign-in needs, so that importing the plugin does not wait
 * for it. Sequentially, because each blocks the event loop while loading. Loading errors are
 * reported to the callers that need the library.
 */
export function loadAhead(): void {
  // saml2-js needs xmlbuilder2 as well.
  xmlBuilder()
    .then(saml2Js)
    .catch(() => undefined);
}
