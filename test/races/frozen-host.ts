import { writeSync } from "node:fs";
import process from "node:process";
import knexFactory, { type Knex } from "knex";
import { startHost } from "../support/host.ts";

/** What {@link frozen-host} is told, as JSON in its only argument. */
export interface FrozenHostTask {
  readonly config: Knex.Config;
  readonly publicUrl: string;
  readonly form: Readonly<Record<string, string>>;
}

// A host process that freezes (SIGSTOP, by its own hand) while its sign-in holds the tenant's lock,
// as under a debugger, on a virtual machine that is moved, or in a container without processor time.

const { config, publicUrl, form }: FrozenHostTask = JSON.parse(process.argv[2] ?? "");
const knex = knexFactory(config);
const host = await startHost({ knex, public: publicUrl });
host.licenseLimit = 1000;
knex.on("query-response", (_response: unknown, { sql }: { readonly sql: string }) => {
  if (!/^update .*seat_lock/i.test(sql)) return;
  writeSync(1, "frozen\n");
  process.kill(process.pid, "SIGSTOP");
});
await fetch(`${host.baseUrl}/saml/acs`, {
  method: "POST",
  body: new URLSearchParams(form),
  redirect: "manual",
});
await host.stop();
await knex.destroy();
