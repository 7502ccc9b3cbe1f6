/**
 * Sign-ins without HTTP and SAML: what the database costs, in milliseconds of the clock, medians, few
 * users and many by turns. Prints a table in Markdown.
 *
 *     npm run bench -- --only stores -- [--database SQLite] [--users 1000,1000000] [--calls 80]
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { migrate } from "../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import { analyze, fill } from "../../test/growth/fill.ts";
import { firstSignIn, RACE_TENANT, raceSettings } from "../../test/races/first-sign-in.ts";
import { DATABASES, type TestDatabaseKind } from "../../test/support/databases.ts";
import { median } from "../support/statistics.ts";
import { table } from "../support/table.ts";

const { values } = parseArgs({
  options: {
    database: { type: "string", default: "SQLite" },
    users: { type: "string", default: "1000,1000000" },
    calls: { type: "string", default: "80" },
  },
});

const kind = DATABASES.find(({ name }) => name === values.database);
if (kind === undefined) throw new Error(`--database: ${DATABASES.map(({ name }) => name)}`);

async function filled({ create }: TestDatabaseKind, users: number) {
  const database = await create();
  const { knex } = database;
  await migrate({ knex, userTables: true });
  const stores = makeObjectionStores({ knex });
  await stores.stores.settings.save(RACE_TENANT, raceSettings(1, "set-up"));
  await fill(knex, "saml_jit_users", users, {
    id: "CONCAT('u', n)",
    tenant: `'${RACE_TENANT}'`,
    email: "CONCAT('u', n, '@customer.example')",
    state: "'active'",
    role: "'member'",
    created_by: "'host'",
  });
  await analyze(knex);
  const times: Record<string, number[]> = { repeat: [], first: [], "under a limit": [] };
  const signIn = async (what: string, email: string, call: number, limit?: number) => {
    const start = performance.now();
    await firstSignIn(stores, { email, assertion: `${what}${call}` }, limit);
    times[what]?.push(performance.now() - start);
  };
  return { database, users, times, signIn };
}

const amounts = [];
for (const users of values.users.split(",").map(Number)) amounts.push(await filled(kind, users));
for (let call = 0; call < Number(values.calls); call += 1) {
  for (const { users, signIn } of amounts) {
    await signIn("repeat", `u${(call * 7919) % users}@customer.example`, call);
    await signIn("first", `new${call}@customer.example`, call);
    if (call % 4 === 0) {
      await signIn("under a limit", `newer${call}@customer.example`, call, 10 * users);
    }
  }
}
const rows: (string | number)[][] = [];
for (const { database, users, times } of amounts) {
  rows.push([kind.name, users, ...Object.values(times).map((of) => median(of).toFixed(1))]);
  await database.drop();
}
process.stdout.write(
  table(["database", "users", "repeat sign-in", "first sign-in", "first, under a limit"], rows),
);
