/** Says which libraries are loaded when the plugin is imported, and waits for those that a sign-in needs. */
import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";

const { cache } = createRequire(import.meta.url);
const loaded = (library: string): boolean =>
  Object.keys(cache).some((path) => path.includes(`/node_modules/${library}/`));

const { createSamlJit } = await import("../../../src/mod.ts");
const LIBRARIES = ["saml2-js", "xmlbuilder2", "co-body", "fast-glob"];
console.log(JSON.stringify(LIBRARIES.filter(loaded)));

const none = async () => [];
const nothing = async () => ({ items: [] });
createSamlJit({
  baseUrl: "https://app.example",
  storage: "memory",
  catalog: {
    roles: none,
    groupsByIds: none,
    organizationsByIds: none,
    searchGroups: nothing,
    searchOrganizations: nothing,
  },
  requireAdmin: () => undefined,
  signIn: () => undefined,
});
while (!loaded("saml2-js") || !loaded("co-body")) await setImmediate();
