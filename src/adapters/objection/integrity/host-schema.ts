import type { Knex } from "knex";
import { defined } from "../../../domain/defined.ts";
import { parseEmailAddress } from "../../../domain/email-address.ts";
import { HostMistakeError } from "../../../ports/errors.ts";
import { boundStatements, LONG_LIMITS } from "../db/bound-statements.ts";
import { type Dialect, dialectOf } from "../db/dialect.ts";
import {
  driverErrorOf,
  failureOf,
  nameInDatabase,
  SQLITE_DUPLICATE,
} from "../db/storage-errors.ts";
import type { HostUsers } from "../users/host-users.ts";
import { fromKey } from "../users/keys.ts";

/** Kinds of findings about the host. */
export type HostFindingCode =
  /** The plugin's own tables are not up to date. */
  | "migrations-missing"
  /** A table of the mapping is missing, or cannot be read. */
  | "table-missing"
  /** A column of the mapping is missing, or cannot be read. */
  | "column-missing"
  /** The address has no unique key, or one over other columns. */
  | "unique-key-missing"
  /** No index leads to the users of a tenant. */
  | "index-missing"
  /** The address is compared without regard to case or accents. */
  | "address-folded"
  /** Stored addresses that are not in normal form: their users are unknown to the plugin. */
  | "address-abnormal"
  /** A new user could not be stored, or not be found again. */
  | "user-refused"
  /** The catalog failed, or its answer breaks its contract. */
  | "catalog-failed"
  /** No new user was tried, because no tenant is known. */
  | "user-not-tried"
  /** A response of an identity provider would not reach the plugin. */
  | "acs-not-reached"
  /** That was not tried, because no tenant was named. */
  | "acs-not-tried";

/** Something of the host that keeps users from signing in. */
export interface HostFinding {
  /** Kind of the finding. */
  readonly code: HostFindingCode;
  /** Table, as the mapping names it. */
  readonly table?: string;
  /** Column, as the mapping names it. */
  readonly column?: string;
  /** What is wrong, and what to do about it. Without addresses and other data of users. */
  readonly remedy: string;
}

/** What {@link hostSchemaFindings} reads. */
export interface HostSchemaOptions {
  /** The host's connection. */
  readonly knex: Knex;
  /** Mapping of the host's users. */
  readonly hostUsers: HostUsers;
  /** How many stored addresses are read. */
  readonly addresses: number;
}

/** Compares the host's tables with their mapping. Reads only. */
export async function hostSchemaFindings({
  knex,
  hostUsers,
  addresses,
}: HostSchemaOptions): Promise<readonly HostFinding[]> {
  const dialect = dialectOf(knex);
  const db = boundStatements(knex, dialect, LONG_LIMITS);
  const missing: HostFinding[] = [];
  for (const { table, columns } of tablesIn(hostUsers)) {
    missing.push(...(await missingOf(db, table, columns)));
  }
  const { email, id } = hostUsers.columns;
  const table = hostUsers.model.tableName;
  const lacks = (column?: string) =>
    missing.some((one) => one.table === table && one.column === column);
  if (lacks() || lacks(email)) return missing;
  return [
    ...missing,
    ...(await keyFindings(db, dialect, hostUsers)),
    ...(lacks(id.name) ? [] : await addressFindings(db, hostUsers, addresses)),
  ];
}

interface TableColumns {
  readonly table: string;
  readonly columns: readonly string[];
}

function tablesIn(users: HostUsers): readonly TableColumns[] {
  const { model, columns, state, allOrganizations, createdBy, groups, organizations } = users;
  const { id, email, role, tenant, displayName, firstName, lastName } = columns;
  const ofUser = [
    id.name,
    email,
    role.name,
    tenant?.name,
    displayName,
    firstName,
    lastName,
    state.kind === "column" ? state.column : undefined,
    allOrganizations?.column,
    createdBy?.column,
  ];
  return [
    { table: model.tableName, columns: ofUser.filter((name) => name !== undefined) },
    ...[groups, organizations].map((grant) => ({
      table: grant.table,
      columns: [grant.user, grant.granted.name, grant.tenant].filter((name) => name !== undefined),
    })),
  ];
}

/** Asks for them by the names and on the way that sign-ins use. */
async function missingOf(
  db: Knex,
  table: string,
  columns: readonly string[],
): Promise<readonly HostFinding[]> {
  const canRead = async (selected: readonly string[]): Promise<boolean> => {
    try {
      await db(table)
        .select(selected.length === 0 ? db.raw("1") : [...selected])
        .limit(1);
      return true;
    } catch (error) {
      if (failureOf(error) === "other") return false;
      throw error;
    }
  };
  if (await canRead(columns)) return [];
  if (!(await canRead([]))) {
    const remedy = `The table ${table} is missing or cannot be read: create it, or correct its name in hostUsers.`;
    return [{ code: "table-missing", table, remedy }];
  }
  const findings: HostFinding[] = [];
  for (const column of columns) {
    if (await canRead([column])) continue;
    const remedy = `The column ${column} of ${table} is missing or cannot be read: add it, or correct its name in hostUsers.`;
    findings.push({ code: "column-missing", table, column, remedy });
  }
  return findings;
}

/** An index without a condition. */
interface Index {
  /** Whether it keeps equal rows out, at every statement. */
  readonly isUnique: boolean;
  /** In order; `null` for an expression or a part of a column. */
  readonly columns: readonly (string | null)[];
}

async function keyFindings(
  db: Knex,
  dialect: Dialect,
  { model, columns }: HostUsers,
): Promise<readonly HostFinding[]> {
  const table = model.tableName;
  const { email: column, tenant } = columns;
  const wanted = [...(tenant === undefined ? [] : [tenant.name]), column];
  const names = new Set(wanted.map((name) => nameInDatabase(db, name)));
  const indexes = await indexesOf(db, dialect, table);
  const isThere = indexes.some(
    (key) =>
      key.isUnique &&
      key.columns.length === names.size &&
      key.columns.every((name) => name !== null && names.has(name)),
  );
  const begins = (name: string) =>
    indexes.some(({ columns: [first] }) => first === nameInDatabase(db, name));
  const findings: HostFinding[] = [];
  if (!isThere) {
    const hasIndex = begins(column) || (tenant !== undefined && begins(tenant.name));
    const also = hasIndex ? "" : ", and every sign-in reads all users";
    const remedy = `Two first sign-ins at the same time would create two users${also}: add a unique key on (${wanted.join(", ")}) of ${table}.`;
    findings.push({ code: "unique-key-missing", table, column, remedy });
  } else if (tenant !== undefined && !begins(tenant.name)) {
    const remedy = `Counting the seats of one tenant reads the users of all: add an index of ${table} that begins with ${tenant.name}, such as (${tenant.name}, ${columns.role.name}).`;
    findings.push({ code: "index-missing", table, column: tenant.name, remedy });
  }
  if (await isFolded(db, dialect, table, column)) {
    const remedy = `The database takes addresses of different users for equal: give ${column} of ${table} ${BINARY[dialect]}.`;
    findings.push({ code: "address-folded", table, column, remedy });
  }
  return findings;
}

const BINARY: Readonly<Record<Dialect, string>> = {
  sqlite: "the collation BINARY",
  postgres: 'the type varchar(254) and a deterministic collation, such as "C"',
  mysql: "CHARACTER SET ascii COLLATE ascii_bin",
};

async function indexesOf(db: Knex, dialect: Dialect, table: string): Promise<readonly Index[]> {
  switch (dialect) {
    case "sqlite": {
      const indexes: readonly unknown[] = await db
        .select("name", { once: "unique" })
        .from(db.raw("pragma_index_list(?)", [plainName(db, table)]))
        .where("partial", 0);
      const columnsOf = async (name: string) =>
        (await db.select("name").from(db.raw("pragma_index_info(?)", [name]))).map(nameOf);
      return Promise.all(
        indexes.map(async (index) => ({
          isUnique: Number(memberOf(index, "once")) === 1,
          columns: await columnsOf(nameOf(index) ?? ""),
        })),
      );
    }
    case "postgres": {
      const { rows } = await db.raw(
        `SELECT array_agg(a.attname::text ORDER BY k.n) AS names,
           bool_and(i.indisunique AND i.indimmediate) AS once FROM pg_index i
         CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
         LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
         WHERE i.indrelid = to_regclass(?) AND i.indisvalid
           AND i.indpred IS NULL AND k.n <= i.indnkeyatts
         GROUP BY i.indexrelid`,
        [db.raw("??", [table]).toQuery()],
      );
      return rows.map(
        ({
          names,
          once,
        }: {
          readonly names: readonly (string | null)[];
          readonly once: boolean;
        }) => ({
          isUnique: once,
          columns: names,
        }),
      );
    }
    case "mysql": {
      const rows: readonly unknown[] = await inThisTable(db, "statistics", table)
        .orderBy("seq_in_index")
        .select({ key: "index_name", name: "column_name", part: "sub_part", more: "non_unique" });
      const indexes = new Map<string, Index>();
      for (const row of rows) {
        const key = textOf(row, "key");
        const column = memberOf(row, "part") === null ? nameOf(row) : null;
        const isUnique = Number(memberOf(row, "more")) === 0;
        indexes.set(key, { isUnique, columns: [...(indexes.get(key)?.columns ?? []), column] });
      }
      return [...indexes.values()];
    }
  }
}

async function isFolded(
  db: Knex,
  dialect: Dialect,
  table: string,
  column: string,
): Promise<boolean> {
  switch (dialect) {
    case "sqlite": {
      // A compound SELECT compares by the collation of its first part.
      const compared: readonly unknown[] = await db.raw(
        "SELECT ?? AS address FROM ?? WHERE 0 UNION SELECT 'a' UNION SELECT 'A'",
        [column, table],
      );
      return compared.length === 1;
    }
    case "postgres": {
      const { rows } = await db.raw(
        `SELECT 1 FROM pg_attribute a LEFT JOIN pg_collation c ON c.oid = a.attcollation
         WHERE a.attrelid = to_regclass(?) AND a.attname = ?
           AND (a.atttypid::regtype::text LIKE '%citext' OR NOT COALESCE(c.collisdeterministic, true))`,
        [db.raw("??", [table]).toQuery(), nameInDatabase(db, column)],
      );
      return rows.length > 0;
    }
    case "mysql": {
      const rows: readonly unknown[] = await inThisTable(db, "columns", table)
        .where("column_name", nameInDatabase(db, column))
        .select({ name: "collation_name" });
      return rows.some((row) => !/_bin$|^binary$/.test(textOf(row, "name")));
    }
  }
}

function inThisTable(db: Knex, of: string, table: string): Knex.QueryBuilder {
  const [own = table, database] = table.split(".").reverse();
  return db(`information_schema.${of}`)
    .whereRaw("table_schema = COALESCE(?, DATABASE())", [
      database === undefined ? null : nameInDatabase(db, database),
    ])
    .where({ table_name: nameInDatabase(db, own) });
}

function plainName(db: Knex, table: string): string {
  return nameInDatabase(db, table.split(".").pop() ?? table);
}

const PAGE = 1000;

/** Whose address is not in normal form is unknown to the plugin, and would be created again. */
async function addressFindings(
  db: Knex,
  { model, columns }: HostUsers,
  most: number,
): Promise<readonly HostFinding[]> {
  const { email: column, id } = columns;
  const table = model.tableName;
  let [read, abnormal, invalid] = [0, 0, 0];
  let first: string | undefined;
  let last: unknown;
  while (read < most) {
    const query = db(table)
      .select({ key: id.name, address: column })
      .whereNotNull(column)
      .orderBy(id.name)
      .limit(Math.min(PAGE, most - read));
    if (last !== undefined) query.where(id.name, ">", last);
    const rows: readonly unknown[] = await query;
    for (const row of rows) {
      const stored = textOf(row, "address");
      const parsed = parseEmailAddress(stored);
      if (parsed.ok && parsed.address === stored) continue;
      if (parsed.ok) abnormal += 1;
      else invalid += 1;
      first ??= fromKey(memberOf(row, "key"));
    }
    read += rows.length;
    last = memberOf(rows.at(-1), "key");
    if (rows.length < PAGE) break;
  }
  if (first === undefined) return [];
  const remedy = `Of ${read} addresses in ${column} of ${table}, ${abnormal} are not in normal form and ${invalid} are no addresses, the first of them with ${id.name} ${first}: their users would be created again. Fill the column with the address that parseEmailAddress returns, there and wherever users are written.`;
  return [{ code: "address-abnormal", table, column, remedy }];
}

/** What kept a new user from being stored, from the error of the driver. */
export function refusalFinding(error: unknown, users: HostUsers | undefined): HostFinding {
  const known = constraintFinding(error, users);
  if (known !== undefined) return known;
  const { code, message } = driverErrorOf(error);
  const table = users?.model.tableName;
  const what = code === "" ? `${nameOfError(error)}: ${message}` : code;
  return {
    code: "user-refused",
    ...(table === undefined ? {} : { table }),
    remedy: `A new user cannot be stored (${table ?? "the database"}): ${what}.`,
  };
}

/**
 * Which rule of the host's tables refused a new user; `undefined` for other errors. Names of tables,
 * columns and constraints only: messages contain values.
 */
export function constraintFinding(
  error: unknown,
  users: HostUsers | undefined,
): HostFinding | undefined {
  const { code, message, detail } = driverErrorOf(error);
  const native = nativeOf(error);
  const table = named(native, "table") ?? SQLITE_PLACE.exec(message)?.[1] ?? users?.model.tableName;
  const column =
    named(native, "column") ??
    SQLITE_PLACE.exec(message)?.[2] ??
    MYSQL_COLUMN.exec(message)?.[1] ??
    FOREIGN_KEY_COLUMN.exec(`${message} ${detail}`)?.[1];
  const place = {
    ...defined({ table, column }),
  };
  const where =
    column === undefined ? (table ?? "the database") : `${column} of ${table ?? "the users"}`;
  const isNull = code === "23502" || /NOT NULL|cannot be null|doesn't have a default/.test(message);
  if (isNull) {
    const remedy = `A new user has no value for ${where}: give the column a default, or return it from hostUsers.newRow (users: from create).`;
    return { code: "user-refused", ...place, remedy };
  }
  if (/^23503$|FOREIGN|NO_REFERENCED/i.test(`${code}${message}`)) {
    const remedy = `A new user refers to a row that does not exist (${where}): the catalog must return IDs of rows that are there.`;
    return { code: "user-refused", ...place, remedy };
  }
  if (SQLITE_DUPLICATE.test(message) || failureOf(error) === "duplicate") {
    const remedy = `A new user is refused by a unique key (${where}): return a value of their own from hostUsers.newRow (users: from create).`;
    return { code: "user-refused", ...place, remedy };
  }
  return undefined;
}

/** The same as an error that names the remedy. */
export function constraintMistake(
  error: unknown,
  users: HostUsers | undefined,
): HostMistakeError | undefined {
  const finding = constraintFinding(error, users);
  if (finding === undefined) return undefined;
  const mistake = new HostMistakeError(finding.remedy);
  mistake.cause = error;
  return mistake;
}

const SQLITE_PLACE = /constraint failed: (\w+)\.(\w+)/;
const MYSQL_COLUMN = /(?:Field|[Cc]olumn) '(\w+)'/;
const FOREIGN_KEY_COLUMN = /(?:FOREIGN KEY|Key) \([`"]?(\w+)[`"]?\)/;

function nativeOf(error: unknown): unknown {
  return (
    memberOf(error, "nativeError") ??
    memberOf(error, "original") ??
    memberOf(error, "cause") ??
    error
  );
}

function named(error: unknown, key: string): string | undefined {
  const name = memberOf(error, key);
  return typeof name === "string" && /^[\w$.-]{1,128}$/.test(name) ? name : undefined;
}

function nameOfError(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function nameOf(row: unknown): string | null {
  const name = memberOf(row, "name");
  return typeof name === "string" ? name : null;
}

function textOf(row: unknown, key: string): string {
  return String(memberOf(row, key) ?? "");
}

function memberOf(row: unknown, key: string): unknown {
  return typeof row === "object" && row !== null ? Reflect.get(row, key) : undefined;
}
