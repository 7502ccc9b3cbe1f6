import { StorageUnavailableError } from "../../../ports/errors.ts";

/** Meaning of a failed statement for its caller. */
export type StorageFailure =
  /** A conflict with another transaction: the work can be retried. */
  | "transient"
  /** No connection, no space, or no response. */
  | "unavailable"
  | "duplicate"
  | "other";

const TRANSIENT: ReadonlySet<string> = new Set([
  "SQLITE_BUSY",
  "SQLITE_BUSY_SNAPSHOT",
  "SQLITE_LOCKED",
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "55P03", // lock_not_available
  "ER_LOCK_DEADLOCK",
  "ER_LOCK_WAIT_TIMEOUT",
  "ER_CHECKREAD", // MariaDB: record has changed since last read
  "ER_UNKNOWN_COM_ERROR", // Galera: the node is not ready, and did nothing
]);

const UNAVAILABLE: ReadonlySet<string> = new Set([
  "SQLITE_FULL",
  "SQLITE_IOERR",
  "SQLITE_CANTOPEN",
  "SQLITE_READONLY",
  "53000",
  "53100", // disk_full
  "53200", // out_of_memory
  "53300", // too_many_connections
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
  "25006", // read_only_sql_transaction: a standby after a fail-over
  "ER_CON_COUNT_ERROR",
  "ER_SERVER_SHUTDOWN",
  "ER_NORMAL_SHUTDOWN",
  "ER_CONNECTION_KILLED",
  "ER_DISK_FULL",
  "ER_RECORD_FILE_FULL",
  "ER_TOO_MANY_USER_CONNECTIONS",
  "ER_OPTION_PREVENTS_STATEMENT", // read-only server
  "ER_ERROR_DURING_COMMIT", // Galera: the node lost the others
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR",
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
]);

const DUPLICATE: ReadonlySet<string> = new Set(["23505", "ER_DUP_ENTRY"]);

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
    "Can't add new command when connection is in closed state",
    "Can't write in closed state",
    "Timeout acquiring a connection.*",
    "Unable to acquire a connection",
  ].join("|")})$`,
);

/** What kind of failure `error` is. */
export function failureOf(error: unknown): StorageFailure {
  const { code, message, name } = driverErrorOf(error);
  if (DUPLICATE.has(code) || isSqliteDuplicate(code, message)) return "duplicate";
  if (TRANSIENT.has(code)) return "transient";
  const unreachable =
    UNAVAILABLE.has(code) ||
    code.startsWith("08") || // PostgreSQL class 08: connection exceptions
    name === "KnexTimeoutError" ||
    NO_CONNECTION.test(message);
  return unreachable ? "unavailable" : "other";
}

/** The driver's own error, which Objection wraps, as far as the adapter reads it. */
export interface DriverError {
  readonly code: string;
  readonly message: string;
  readonly name: string;
  /** PostgreSQL: which values collided. */
  readonly detail: string;
}

/** Extracts the driver's error. */
export function driverErrorOf(error: unknown): DriverError {
  const native = memberOf(error, "nativeError") ?? error;
  const text = (key: string) => {
    const value = memberOf(native, key);
    return typeof value === "string" ? value : "";
  };
  // mysql2 has the server's own words in sqlMessage; knex prefixes `message` with the statement.
  const message = text("sqlMessage") || text("message");
  return { code: text("code"), message, name: text("name"), detail: text("detail") };
}

/** An error for the layers above: unavailable storage as such, everything else as it is. */
export function translated(error: unknown, retryAfterSeconds: number): unknown {
  const failure = failureOf(error);
  return failure === "transient" || failure === "unavailable"
    ? new StorageUnavailableError(retryAfterSeconds, { cause: error })
    : error;
}

/** Which columns must be unique together, as SQLite names them; knex prefixes the statement. */
export const SQLITE_DUPLICATE: RegExp = /UNIQUE constraint failed: (.*)$/;

function isSqliteDuplicate(code: string, message: string): boolean {
  return code.startsWith("SQLITE_CONSTRAINT") && SQLITE_DUPLICATE.test(message);
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
