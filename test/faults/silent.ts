import type { Knex } from "knex";

const nothing = () => undefined;

/** Knex reports lost connections on the console, too. */
export const SILENT: Knex.Logger = {
  warn: nothing,
  error: nothing,
  debug: nothing,
  deprecate: nothing,
};
