import process from "node:process";
import knexFactory, { type Knex } from "knex";
import { startHost } from "../support/host.ts";

/** What {@link killed-host} is told, as JSON in its only argument. */
export interface KilledHostTask {
  readonly config: Knex.Config;
  readonly publicUrl: string;
  readonly form: Readonly<Record<string, string>>;
  /** The statement of the sign-in that the process does not live to send; counted from 1. */
  readonly diesBefore: number;
}

// A host process that dies (SIGKILL, by its own hand) before one chosen statement of a sign-in.
// When the sign-in has fewer statements, it prints how many there were.

const { config, publicUrl, form, diesBefore }: KilledHostTask = JSON.parse(process.argv[2] ?? "");
const knex = knexFactory(config);
const host = await startHost({ knex, public: publicUrl });
let statements = 0;
knex.on("query", () => {
  statements += 1;
  if (statements === diesBefore) process.kill(process.pid, "SIGKILL");
});
const response = await fetch(`${host.baseUrl}/saml/acs`, {
  method: "POST",
  body: new URLSearchParams(form),
  redirect: "manual",
});
process.stdout.write(`${response.status} after ${statements} statements\n`);
await host.stop();
await knex.destroy();
