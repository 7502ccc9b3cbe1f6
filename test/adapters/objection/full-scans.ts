import type { Knex } from "knex";
import { dialectOf } from "../../../src/adapters/objection/db/dialect.ts";
import type { SentStatement } from "../../growth/statements-of.ts";

/** The parts of the plan that read a whole table. */
export async function fullScans(
  knex: Knex,
  { sql, bindings }: SentStatement,
): Promise<readonly string[]> {
  switch (dialectOf(knex)) {
    case "sqlite": {
      const rows = await knex.raw(`EXPLAIN QUERY PLAN ${sql}`, [...bindings]);
      const steps = rows.map(({ detail }: { detail: string }) => detail);
      return steps.filter((step: string) => step.startsWith("SCAN"));
    }
    case "postgres": {
      const plain = sql.replace(/\$\d+/g, "?");
      const { rows } = await knex.raw(`EXPLAIN ${plain}`, [...bindings]);
      const steps = rows.map((row: Record<string, string>) => row["QUERY PLAN"]);
      return steps.filter((step: string) => step.includes("Seq Scan"));
    }
    case "mysql": {
      const [rows] = await knex.raw(`EXPLAIN ${sql}`, [...bindings]);
      return rows
        .filter(({ type }: { type: string }) => ["ALL", "index"].includes(type))
        .map((row: unknown) => JSON.stringify(row));
    }
  }
}
