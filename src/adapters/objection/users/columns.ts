import type { Knex } from "knex";
import type { Dialect } from "../db/dialect.ts";

/** Adds columns that mean the same on every database. */
export interface Columns {
  /**
   * Text that is compared octet by octet: nothing folds case or accents, order is by code point.
   */
  exact(name: string, length: number): Knex.ColumnBuilder;
  /** Text of any length. */
  text(name: string): Knex.ColumnBuilder;
  /** A 64-bit integer. */
  time(name: string): Knex.ColumnBuilder;
}

/** Columns of `table`, each as `dialect` has it, whatever the database's default collation is. */
export function columnsOf(table: Knex.CreateTableBuilder, dialect: Dialect): Columns {
  switch (dialect) {
    case "sqlite":
      return {
        exact: (name, length) => table.string(name, length),
        text: (name) => table.text(name),
        time: (name) => table.bigInteger(name),
      };
    case "postgres":
      return {
        exact: (name, length) => table.specificType(name, `varchar(${length}) COLLATE "C"`),
        text: (name) => table.text(name),
        time: (name) => table.bigInteger(name),
      };
    case "mysql":
      return {
        exact: (name, length) => table.specificType(name, `varchar(${length}) ${MYSQL_EXACT}`),
        text: (name) => table.specificType(name, `longtext ${MYSQL_EXACT}`),
        time: (name) => table.bigInteger(name),
      };
  }
}

const MYSQL_EXACT = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
