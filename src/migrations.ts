/**
 * The plugin's migrations for hosts with their own migrator. Others call `migrate()`. Loads neither
 * Koa nor SAML libraries.
 *
 * @module
 */

export {
  type Migration,
  type MigrationOptions,
  makeMigrationSource,
  makeMigrations,
  type RecognizableMigration,
} from "./adapters/objection/migrations/migrations.ts";
