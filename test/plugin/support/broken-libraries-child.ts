/** Starts a host of which libraries cannot be loaded; says how it answers and what it logs. */
import { register } from "node:module";
import { startHost } from "../../support/host.ts";

const HOOKS = `export async function resolve(specifier, context, next) {
  if (["koa-body", "saml2-js"].includes(specifier)) throw new Error("no " + specifier);
  return next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);

const host = await startHost();
await host.saml.saveSettings(
  "default",
  {
    enabled: true,
    connection: host.idp.connection(),
    email: { source: { kind: "automatic" } },
    autoProvisioning: { enabled: false, organizations: { kind: "all" } },
  },
  "test",
);
const answers = [
  await fetch(`${host.baseUrl}/saml/login`, { redirect: "manual" }),
  await fetch(`${host.baseUrl}/saml/acs`, {
    method: "POST",
    body: new URLSearchParams({ a: "b" }),
  }),
  await fetch(`${host.baseUrl}/`),
];
const failures = host.logger.events.flatMap(({ event }) =>
  event.event === "saml.request.failed" ? [event.message] : [],
);
console.log(JSON.stringify({ statuses: answers.map(({ status }) => status), failures }));
await host.stop();
