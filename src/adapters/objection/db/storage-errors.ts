import type { Knex } from "knex";
import { HostMistakeError, StorageUnavailableError, thrownIn } from "../../../ports/errors.ts";
import type { Dialect } from "./dialect.ts";

/** Meaning of a failed statement for its caller. */
export type StorageFailure =
  /** A conflict with another transaction: the work can be retried. */
  | "transient"
  /** No connection, no space, or no response. */
  | "unavailable"
  | "duplicate"
  | "other";

/** SQLSTATE, by which every driver of PostgreSQL reports. */
const POSTGRES: Failures = {
  transient: [
    "40001", // serialization_failure
    "40P01", // deadlock_detected
    "55P03", // lock_not_available, also after lock_timeout
  ],
  unavailable: [
    "25006", // read_only_sql_transaction: a standby after a fail-over
    "25P03", // idle_in_transaction_session_timeout
    "25P04", // transaction_timeout
    "28000", // invalid_authorization_specification
    "28P01", // invalid_password: a rotation
    "3D000", // invalid_catalog_name: the database is being restored
    "40003", // statement_completion_unknown
    "53000", // insufficient_resources
    "53100", // disk_full
    "53200", // out_of_memory
    "53300", // too_many_connections
    "53400", // configuration_limit_exceeded
    "57014", // query_canceled, also by statement_timeout
    "57P01", // admin_shutdown
    "57P02", // crash_shutdown
    "57P03", // cannot_connect_now
    "57P04", // database_dropped
    "57P05", // idle_session_timeout
    "58000", // system_error
    "58030", // io_error
  ],
  duplicate: ["23505"], // unique_violation
};

/** Names and numbers: mysql2 has no names for some of MariaDB's. */
const MYSQL: Failures = {
  transient: [
    "ER_LOCK_DEADLOCK",
    "1213",
    "ER_LOCK_WAIT_TIMEOUT",
    "1205",
    "ER_CHECKREAD", // MariaDB: record has changed since last read
    "1020",
    "ER_UNKNOWN_COM_ERROR", // Galera: the node is not ready, and did nothing
    "1047",
    "ER_TRANSACTION_ROLLBACK_DURING_COMMIT", // group replication: certification failed
    "3101",
    "ER_LOCK_NOWAIT",
    "3572",
  ],
  unavailable: [
    "ER_DISK_FULL",
    "1021",
    "ER_GET_ERRNO", // of the storage engine: no space, above all
    "1030",
    "ER_OPEN_AS_READONLY",
    "1036",
    "ER_OUTOFMEMORY",
    "1037",
    "ER_OUT_OF_SORTMEMORY",
    "1038",
    "ER_CON_COUNT_ERROR",
    "1040",
    "ER_OUT_OF_RESOURCES",
    "1041",
    "ER_DBACCESS_DENIED_ERROR", // grants that are being changed
    "1044",
    "ER_ACCESS_DENIED_ERROR", // a rotated password
    "1045",
    "ER_BAD_DB_ERROR", // the database is being restored
    "1049",
    "ER_SERVER_SHUTDOWN",
    "1053",
    "ER_NORMAL_SHUTDOWN",
    "1077",
    "ER_RECORD_FILE_FULL",
    "1114",
    "ER_HOST_IS_BLOCKED",
    "1129",
    "ER_CANT_CREATE_THREAD",
    "1135",
    "ER_ABORTING_CONNECTION",
    "1152",
    "ER_NET_READ_ERROR",
    "1158",
    "ER_NET_READ_INTERRUPTED",
    "1159",
    "ER_NET_ERROR_ON_WRITE",
    "1160",
    "ER_NET_WRITE_INTERRUPTED",
    "1161",
    "ER_ERROR_DURING_COMMIT", // Galera: the node lost the others
    "1180",
    "ER_NEW_ABORTING_CONNECTION",
    "1184",
    "ER_TOO_MANY_USER_CONNECTIONS",
    "1203",
    "ER_LOCK_TABLE_FULL",
    "1206",
    "ER_CANT_UPDATE_WITH_READLOCK", // a backup holds FLUSH TABLES WITH READ LOCK
    "1223",
    "ER_USER_LIMIT_REACHED",
    "1226",
    "ER_OPTION_PREVENTS_STATEMENT", // read-only server
    "1290",
    "ER_QUERY_INTERRUPTED",
    "1317",
    "ER_TOO_MANY_CONCURRENT_TRXS",
    "1637",
    "ER_ACCESS_DENIED_NO_PASSWORD_ERROR",
    "1698",
    "ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION",
    "1792",
    "ER_MUST_CHANGE_PASSWORD",
    "1820",
    "ER_READ_ONLY_MODE",
    "1836",
    "ER_MUST_CHANGE_PASSWORD_LOGIN",
    "1862",
    "ER_CONNECTION_KILLED", // 1927 on MariaDB
    "1927",
    "ER_STATEMENT_TIMEOUT", // MariaDB: max_statement_time
    "1969",
    "ER_QUERY_TIMEOUT", // MySQL: max_execution_time
    "3024",
    "ER_ACCOUNT_HAS_BEEN_LOCKED", // 3118 on MySQL, 4151 on MariaDB
    "3118",
    "4151",
    "ER_CLIENT_INTERACTION_TIMEOUT",
    "4031",
  ],
  duplicate: ["ER_DUP_ENTRY", "1062"],
};

/** Primary result codes; what follows them (`SQLITE_IOERR_WRITE`) does not matter here. */
const SQLITE: Failures = {
  transient: ["SQLITE_BUSY", "SQLITE_LOCKED"],
  unavailable: [
    "SQLITE_CANTOPEN",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_NOMEM",
    "SQLITE_PROTOCOL",
    "SQLITE_READONLY",
  ],
  duplicate: [], // the message tells
};

/** Connections: from Node and from mysql2. */
const CONNECTION: Failures = {
  transient: [],
  unavailable: [
    "PROTOCOL_CONNECTION_LOST",
    "PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR",
    "PROTOCOL_SEQUENCE_TIMEOUT",
    "ECONNREFUSED",
    "ECONNRESET",
    "ECONNABORTED",
    "EHOSTUNREACH",
    "EHOSTDOWN",
    "ENETUNREACH",
    "ENETDOWN",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EPIPE",
    "ETIMEDOUT",
    // This process or its computer has no more of what a connection needs.
    "EADDRNOTAVAIL",
    "EMFILE",
    "ENFILE",
    "ENOBUFS",
  ],
  duplicate: [],
};

type Failures = Readonly<Record<Exclude<StorageFailure, "other">, readonly string[]>>;

/** Every code that has a meaning here. What is not listed is a bug, and a 500. */
const FAILURES: ReadonlyMap<string, StorageFailure> = new Map(
  [POSTGRES, MYSQL, SQLITE, CONNECTION].flatMap(({ transient, unavailable, duplicate }) => [
    ...transient.map((code) => [code, "transient"] as const),
    ...unavailable.map((code) => [code, "unavailable"] as const),
    ...duplicate.map((code) => [code, "duplicate"] as const),
  ]),
);

/**
 * What has no code: node-postgres and mysql2 on connections that were lost, and Knex when its pool
 * gives none. Knex puts the statement, with its values, before the driver's words: those are last.
 */
const NO_CONNECTION = new RegExp(
  `(?:^| - )(?:${[
    "Connection terminated(?: unexpectedly| due to connection timeout)?",
    "Client has encountered a connection error and is not queryable",
    "Client was closed and is not queryable",
    "timeout expired",
    "Query read timeout",
    "aborted", // by the pool, which the host has destroyed
    "Can't add new command when connection is in closed state",
    "Can't write in closed state",
    "Timeout acquiring a connection.*",
    "Unable to acquire a connection",
  ].join("|")})$`,
);

/** What kind of failure `error` is. */
export function failureOf(error: unknown): StorageFailure {
  const { code, number, message, name } = driverErrorOf(error);
  if (isSqliteDuplicate(code, message)) return "duplicate";
  const primary = code.startsWith("SQLITE_") ? code.split("_", 2).join("_") : code;
  const known = FAILURES.get(primary) ?? FAILURES.get(number);
  if (known !== undefined) return known;
  const unreachable =
    /^08...$/.test(code) || // PostgreSQL class 08: connection exceptions
    name === "KnexTimeoutError" ||
    // The socket of a server that is down is not there; other files are not the driver's.
    (code === "ENOENT" && /(?:^| - )connect ENOENT /.test(message)) ||
    NO_CONNECTION.test(message);
  return unreachable ? "unavailable" : "other";
}

/** The driver's own error, which libraries wrap, as far as the adapter reads it. */
export interface DriverError {
  readonly code: string;
  /** The server's number, if it is one of MySQL's; the other drivers number differently. */
  readonly number: string;
  readonly message: string;
  readonly name: string;
  /** PostgreSQL: which values collided. */
  readonly detail: string;
}

/** Extracts the driver's error. */
export function driverErrorOf(error: unknown): DriverError {
  // What a callback threw may have no code: a pool that gives no connection, for example.
  const thrown = thrownIn(error);
  const native = memberOf(thrown, "nativeError") ?? firstWithCode(thrown) ?? thrown;
  const text = (key: string) => {
    const value = memberOf(native, key);
    return typeof value === "string" ? value : "";
  };
  // mysql2 has the server's own words in sqlMessage; knex prefixes `message` with the statement.
  const message = text("sqlMessage") || text("message");
  const number: unknown = memberOf(native, "errno");
  return {
    code: text("code"),
    number: typeof number === "number" && number >= 1000 ? String(number) : "",
    message,
    name: text("name"),
    detail: text("detail"),
  };
}

/**
 * An error for the layers above: unavailable storage, and a table or column that is missing, as such;
 * everything else as it is.
 */
export function translateError(error: unknown, retryAfterSeconds: number): unknown {
  const failure = failureOf(error);
  if (failure === "transient" || failure === "unavailable") {
    return new StorageUnavailableError(retryAfterSeconds, { cause: error });
  }
  const remedy = missingIn(driverErrorOf(error));
  if (remedy === undefined) return error;
  const mistake = new HostMistakeError(remedy);
  mistake.cause = error;
  return mistake;
}

/** The databases' codes for a missing table or column; SQLite has one for every bad statement. */
const MISSING: ReadonlySet<string> = new Set([
  "42P01",
  "42703",
  "ER_NO_SUCH_TABLE",
  "ER_BAD_FIELD_ERROR",
  "SQLITE_ERROR",
]);
// At the end of the message: the statement, which may contain values, comes before it.
const NO_TABLE =
  /(?:no such table: ([\w.]{1,128})|relation "([\w.]{1,128})" does not exist|Table '([\w.]{1,128})' doesn't exist)$/;
const NO_COLUMN =
  /(?:no such column: ([\w.]{1,128})|has no column named (\w{1,128})|column "?([\w.]{1,128})"?(?: of relation "\w{1,128}")? does not exist|Unknown column '([\w.]{1,128})' in '[\w ]{1,32}')$/;

/** Which table or column is missing, and what to do about it. */
function missingIn({ code, message }: DriverError): string | undefined {
  if (!MISSING.has(code)) return undefined;
  const nameIn = (pattern: RegExp) => pattern.exec(message)?.slice(1).find(Boolean);
  const table = nameIn(NO_TABLE);
  if (table !== undefined) {
    return `table ${table} does not exist: call migrate() if it is one of the plugin's, otherwise correct hostUsers`;
  }
  const column = nameIn(NO_COLUMN);
  return column === undefined
    ? undefined
    : `column ${column} does not exist: correct hostUsers, or call migrate() if its table is one of the plugin's`;
}

/** Which columns must be unique together, as SQLite names them; knex prefixes the statement. */
export const SQLITE_DUPLICATE: RegExp = /UNIQUE constraint failed: (.*)$/;

function isSqliteDuplicate(code: string, message: string): boolean {
  return code.startsWith("SQLITE_CONSTRAINT") && SQLITE_DUPLICATE.test(message);
}

/** Whether `error` comes from a database or its driver, not from code of the host's. */
export function isOfDatabase(error: unknown): boolean {
  return driverErrorOf(error).code !== "" || failureOf(error) !== "other";
}

/** Drizzle has the driver's error as `cause`, Sequelize as `original`; neither has a code itself. */
function firstWithCode(error: unknown): unknown {
  let inner = error;
  for (let depth = 0; depth < MAX_WRAPPERS && inner !== undefined; depth += 1) {
    if (typeof memberOf(inner, "code") === "string") return inner;
    inner =
      memberOf(inner, "nativeError") ?? memberOf(inner, "original") ?? memberOf(inner, "cause");
  }
  return undefined;
}

/** Errors that wrap each other may do so in a circle. */
const MAX_WRAPPERS = 5;

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/**
 * Whether `error` means that the address is in use: a duplicate in a unique key of which `column` is
 * a part. Other unique keys of the host are not mistaken for it.
 */
export async function isEmailConflict(
  error: unknown,
  {
    db,
    dialect,
    table,
    column,
  }: {
    readonly db: Knex;
    readonly dialect: Dialect;
    readonly table: string;
    readonly column: string;
  },
): Promise<boolean> {
  if (failureOf(error) !== "duplicate") return false;
  const { message, detail } = driverErrorOf(error);
  const name = nameInDatabase(db, column);
  switch (dialect) {
    case "sqlite": // UNIQUE constraint failed: users.tenant, users.email
      return (SQLITE_DUPLICATE.exec(message)?.[1] ?? "")
        .split(", ")
        .some((part) => part.split(".").pop() === name);
    case "postgres": // Key (tenant, email)=(acme, ada@example.test) already exists.
      return (detail.split(")=(")[0] ?? "").split(/[^\p{L}\p{N}_$]+/u).includes(name);
    case "mysql": {
      // Duplicate entry 'ada@example.test' for key 'users_email': MySQL 8 writes table.key.
      const key = /for key '(?:[^']*\.)?([^'.]+)'$/.exec(message)?.[1];
      const [own = table, database] = table.split(".").reverse();
      const parts = await db("information_schema.statistics")
        .whereRaw("table_schema = COALESCE(?, DATABASE())", [
          database === undefined ? null : nameInDatabase(db, database),
        ])
        .where({ table_name: nameInDatabase(db, own), index_name: key ?? "", column_name: name })
        .select(db.raw("1"));
      return parts.length > 0;
    }
  }
}

/** A name as the database's errors have it: the host's Knex may map names. */
export function nameInDatabase(db: Knex, name: string): string {
  return db.raw("??", [name]).toQuery().slice(1, -1);
}
