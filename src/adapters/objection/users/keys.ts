import type { Knex } from "knex";
import { HostMistakeError } from "../../../ports/errors.ts";
import type { Dialect } from "../db/dialect.ts";
import type { KeyType } from "./host-users.ts";

/** A key in the type of the database. */
export type Key = string | number;

/** Whole numbers as databases write them. */
const WHOLE = /^(?:0|-?[1-9]\d{0,18})$/;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The database's value for one of our IDs, which are text.
 *
 * @returns `undefined` when no row can have it: the database would refuse to compare, or would
 * read `1x` as 1.
 */
export function toKey(type: KeyType, id: string): Key | undefined {
  switch (type) {
    case "text":
      return id;
    case "uuid":
      return UUID.test(id) ? id : undefined;
    case "integer": {
      if (!WHOLE.test(id) || BigInt.asIntN(64, BigInt(id)) !== BigInt(id)) return undefined;
      // What JavaScript's numbers would round goes to the database as text, which it reads exactly.
      const number = Number(id);
      return Number.isSafeInteger(number) ? number : id;
    }
  }
}

/**
 * Like {@link toKey}, for an ID that is to be written.
 *
 * @param option what says that the column is of `type`.
 * @throws HostMistakeError when the column cannot hold it.
 */
export function requireKey(type: KeyType, id: string, option: string): Key {
  const key = toKey(type, id);
  if (key !== undefined) return key;
  throw new HostMistakeError(
    `${option} is of type ${type}, and the ID that it is to hold is not: the IDs of the catalog, and of tenants, must be those of your tables, as strings`,
  );
}

/**
 * The ID for a key that the database gave.
 *
 * @throws HostMistakeError if it is not a key, and for a number that was rounded: it may be another
 * row's.
 */
export function fromKey(value: unknown): string {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new HostMistakeError(
      "the database driver rounds large keys: configure it to return them as strings or BigInt (mysql2: supportBigNumbers)",
    );
  }
  if (typeof value === "string" && value !== "") return value;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  throw new HostMistakeError(
    `the database returned ${value === null ? "null" : typeof value} as a key: correct hostUsers.columns.id, or set hostUsers.newId`,
  );
}

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
