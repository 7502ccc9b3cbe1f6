import type { Knex } from "knex";
import { analyze, fill } from "../../test/growth/fill.ts";
import { openSettings, type TestHost } from "../../test/support/host.ts";

/** How many audit entries are inserted in one statement. */
const BATCH = 1_000_000;

/** The address of a generated user. */
export function generatedAddress(number: number): string {
  return `u${number}@customer.example`;
}

/** Makes one tenant of `users` provisioned users, who have left `entries` audit entries. */
export async function generate(
  host: TestHost,
  knex: Knex,
  { users, entries }: { readonly users: number; readonly entries: number },
): Promise<void> {
  await host.saml.migrate();
  await host.saml.saveSettings("default", openSettings(host), "set-up");
  const tenant = "'default'";
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
