import type { Knex } from "knex";
import { dialectOf } from "../../src/adapters/objection/db/dialect.ts";

/**
 * Inserts `count` rows in one statement. Each column is an SQL expression over `n`, the number of
 * the row from 0, in words that SQLite, PostgreSQL and MariaDB share.
 */
export async function fill(
  knex: Knex,
  table: string,
  count: number,
  columns: Readonly<Record<string, string | Knex.Raw>>,
): Promise<void> {
  const names = Object.keys(columns);
  const target = knex.raw(`?? (${names.map(() => "??").join(", ")})`, [table, ...names]);
  const values = Object.values(columns).map((sql) =>
    typeof sql === "string" ? knex.raw(sql) : sql,
  );
  await knex(target).insert(knex.select(values).from(knex.raw(numbers(knex, count))));
}

/** Lets the database look at what was filled, as it does by itself after a while. */
export async function analyze(knex: Knex): Promise<void> {
  const dialect = dialectOf(knex);
  if (dialect !== "mysql") {
    await knex.raw(dialect === "sqlite" ? "ANALYZE" : "VACUUM ANALYZE");
    return;
  }
  for (const table of ["users", "receipts", "audit", "ledger", "settings"]) {
    await knex.raw("ANALYZE TABLE ??", [`saml_jit_${table}`]);
  }
}

function numbers(knex: Knex, count: number): string {
  const last = count - 1;
  switch (dialectOf(knex)) {
    case "sqlite":
      return `(WITH RECURSIVE up(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM up WHERE n < ${last}) SELECT n FROM up) AS numbers`;
    case "postgres":
      return `(SELECT generate_series(0, ${last}) AS n) AS numbers`;
    case "mysql":
      return `(SELECT seq AS n FROM seq_0_to_${last}) AS numbers`;
  }
}
