import type { Knex } from "knex";
import { type MigrationOptions, makeMigrations } from "./migrations.ts";
import { DEFAULT_TABLE_PREFIX, tablesOf } from "./tables.ts";

/** What {@link missingMigrations} looks at. */
export interface MissingMigrationsOptions extends MigrationOptions {
  /** The host's connection. */
  readonly knex: Knex;
}

/**
 * Names of the steps of the schema that `migrate` would take. Reads only. Where the host runs them
 * with a migrator of its own, whose books are elsewhere, the first step's tables stand for all.
 */
export async function missingMigrations({
  knex,
  ...options
}: MissingMigrationsOptions): Promise<readonly string[]> {
  const { migrations, settings } = tablesOf(options.tablePrefix ?? DEFAULT_TABLE_PREFIX);
  const steps = makeMigrations(options).map(({ name }) => name);
  if (await knex.schema.hasTable(migrations)) {
    const rows: readonly { readonly name: string }[] = await knex(migrations).select("name");
    const taken = new Set(rows.map(({ name }) => name));
    return steps.filter((name) => !taken.has(name));
  }
  return (await knex.schema.hasTable(settings)) ? [] : steps;
}
