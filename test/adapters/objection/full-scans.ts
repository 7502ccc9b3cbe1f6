import type { Knex } from "knex";
import { type Dialect, dialectOf } from "../../../src/adapters/objection/db/dialect.ts";
import type { SentStatement } from "../../growth/statements-of.ts";

/** The parts of the plan that read a whole table. */
export async function fullScans(knex: Knex, statement: SentStatement): Promise<readonly string[]> {
  const scan = { sqlite: /^SCAN/, postgres: /Seq Scan/, mysql: /"type":"(?:ALL|index)"/ };
  return stepsWith(knex, statement, scan);
}

/** The parts of the plan that sort, or walk along the primary key. */
export async function detours(knex: Knex, statement: SentStatement): Promise<readonly string[]> {
  const detour = {
    sqlite: /TEMP B-TREE|autoindex/,
    postgres: /(?:^|-> {2})Sort|_pkey/, // an incremental sort takes the rows as they come
    mysql: /filesort|"key":"PRIMARY"/,
  };
  return stepsWith(knex, statement, detour);
}

async function stepsWith(
  knex: Knex,
  { sql, bindings }: SentStatement,
  patterns: Readonly<Record<Dialect, RegExp>>,
): Promise<readonly string[]> {
  const dialect = dialectOf(knex);
  const steps = async (): Promise<readonly string[]> => {
    switch (dialect) {
      case "sqlite": {
        const rows = await knex.raw(`EXPLAIN QUERY PLAN ${sql}`, [...bindings]);
        return rows.map(({ detail }: { detail: string }) => detail);
      }
      case "postgres": {
        const plain = sql.replace(/\$\d+/g, "?");
        const { rows } = await knex.raw(`EXPLAIN ${plain}`, [...bindings]);
        return rows.map((row: Record<string, string>) => row["QUERY PLAN"]);
      }
      case "mysql": {
        const [rows] = await knex.raw(`EXPLAIN ${sql}`, [...bindings]);
        return rows.map((row: unknown) => JSON.stringify(row));
      }
    }
  };
  return (await steps()).filter((step) => patterns[dialect].test(step));
}
