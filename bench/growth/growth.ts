/**
 * What a sign-in costs as a tenant grows: medians over HTTP against one host process, in
 * milliseconds of the clock, as rows of a Markdown table. The users and what they left behind are
 * generated in SQL; one audit entry a sign-in, so there are `--entries` times as many as users.
 *
 *     node --import tsx bench/growth/growth.ts [--database SQLite] [--users 1000,100000] [--entries 10]
 *         [--tenants 1]
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { DATABASES, type TestDatabase } from "../../test/support/databases.ts";
import { startHost } from "../../test/support/host.ts";
import { generate } from "./generate.ts";
import { measure } from "./measure.ts";

const { values } = parseArgs({
  options: {
    database: { type: "string", default: "SQLite" },
    users: { type: "string", default: "1000,100000" },
    entries: { type: "string", default: "10" },
    tenants: { type: "string", default: "1" },
    calls: { type: "string", default: "40" },
  },
});
const kind = DATABASES.find(({ name }) => name === values.database);
if (kind === undefined) throw new Error(`--database: ${DATABASES.map(({ name }) => name)}`);

const COLUMNS = [
  "database",
  "tenants",
  "users",
  "audit entries",
  "sign-in",
  "first sign-in",
  "under a limit",
  "page of the audit trail",
  "license usage",
];
process.stdout.write(
  `| ${COLUMNS.join(" | ")} |\n| --- |${" ---: |".repeat(COLUMNS.length - 1)}\n`,
);
for (const users of values.users.split(",").map(Number)) {
  const database: TestDatabase = await kind.create();
  const host = await startHost({ knex: database.knex });
  try {
    const tenants = Number(values.tenants);
    const amounts = { tenants, users, entries: users * Number(values.entries) };
    await generate(host, database.knex, amounts);
    const medians = await measure(host, amounts, Number(values.calls));
    const cells = [
      kind.name,
      tenants,
      users,
      amounts.entries,
      ...medians.map((ms) => ms.toFixed(1)),
    ];
    process.stdout.write(`| ${cells.join(" | ")} |\n`);
  } finally {
    await host.stop();
    await database.drop();
  }
}
