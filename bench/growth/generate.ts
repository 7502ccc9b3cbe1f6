import type { Knex } from "knex";
import { analyze, fill } from "../../test/growth/fill.ts";
import { openSettings, type TestHost } from "../../test/support/host.ts";

/** How many audit entries are inserted in one statement. */
const BATCH = 1_000_000;

/** How much there is, over all tenants. */
export interface Amounts {
  readonly tenants: number;
  /** A multiple of `tenants`: each has as many. */
  readonly users: number;
  readonly entries: number;
}

/** The address of some user of the tenant `default`. */
export function generatedAddress({ users, tenants }: Amounts, number: number): string {
  return `u${(number % (users / tenants)) * tenants}@customer.example`;
}

/** Makes provisioned users, who have left audit entries, spread evenly over the tenants. */
export async function generate(
  host: TestHost,
  knex: Knex,
  { tenants, users, entries }: Amounts,
): Promise<void> {
  await host.saml.migrate();
  await host.saml.saveSettings("default", openSettings(host), "set-up");
  const saved = await knex("saml_jit_settings").first();
  await fill(knex, "saml_jit_settings", tenants, {
    tenant: "CONCAT('t', n)",
    version: "1",
    connection_version: "1",
    document: knex.raw("?", [saved.document]),
    saved_at: "1",
    saved_by: "'admin'",
  });
  const tenant = `CASE n % ${tenants} WHEN 0 THEN 'default' ELSE CONCAT('t', n % ${tenants}) END`;
  const id = "CONCAT('u', n)";
  await fill(knex, "saml_jit_users", users, {
    id,
    tenant,
    email: `CONCAT('u', n, '@customer.example')`,
    state: "'active'",
    role: "'editor'",
    created_by: "'saml'",
  });
  await fill(knex, "saml_jit_receipts", users, {
    tenant,
    user_id: id,
    assertion_id_hash: "CONCAT('h', n)",
    at: "n",
    document: "'{}'",
  });
  for (let start = 0; start < entries; start += BATCH) {
    const entry = `(n + ${start})`;
    const user = `${entry} % ${users}`;
    await fill(knex, "saml_jit_audit", Math.min(BATCH, entries - start), {
      tenant,
      id: `CONCAT('0', ${entry} + 1000000000)`,
      reference: `CONCAT('R', ${entry})`,
      at: entry,
      outcome: "'signed-in'",
      email: `CONCAT('u', ${user}, '@customer.example')`,
      user_id: `CONCAT('u', ${user})`,
      detail: `'{"issuer":"https://idp.example/metadata"}'`,
    });
  }
  await analyze(knex);
}
