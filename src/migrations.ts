/**
 * The plugin's tables for hosts that run migrations with a migrator of their own; the others call
 * `migrate()`. Loads neither Koa nor SAML.
 *
 * @module
 */

export {
  type Migration,
  type MigrationOptions,
  makeMigrationSource,
  makeMigrations,
} from "./adapters/objection/migrations.ts";
