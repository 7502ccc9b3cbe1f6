import type { DatabaseFailure, PagePartFailed } from "./environment.ts";

/** Codes of the errors that ports throw. Expected results are values instead. */
export type PortErrorCode = "email-taken" | "storage-unavailable" | "invitation-gone";

/** The base of every error that a port throws. */
export class PortError extends Error {
  /** Stable code. */
  readonly code: PortErrorCode;

  /** `options.cause` is the underlying error, if any. */
  constructor(code: PortErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/**
 * The user was created concurrently. The transaction must be rolled back and the sign-in retried:
 * the user is known now.
 */
export class EmailTakenError extends PortError {
  /** `options.cause` is the error of the storage. */
  constructor(options?: ErrorOptions) {
    super("email-taken", "a user with this email address was created concurrently", options);
  }
}

/** The invitation was accepted or withdrawn concurrently. The sign-in must be retried. */
export class InvitationGoneError extends PortError {
  /** `options.cause` is the error of the storage. */
  constructor(options?: ErrorOptions) {
    super("invitation-gone", "the invitation is no longer open", options);
  }
}

/**
 * The storage does not respond or is too busy; nothing was stored. The operation can be retried.
 */
export class StorageUnavailableError extends PortError {
  /** Seconds after which to retry. */
  readonly retryAfterSeconds: number;

  /** `options.cause` is the error of the storage. */
  constructor(retryAfterSeconds: number, options?: ErrorOptions) {
    super("storage-unavailable", "the storage is not available", options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * A callback or the setup of the host violates its contract. The message, which is logged, names
 * the callback and the rule, never a value.
 */
export class HostMistakeError extends TypeError {
  /** Stable code. */
  readonly code = "host-mistake";

  /** The message names the callback and the rule. */
  constructor(message: string) {
    super(message);
    this.name = "HostMistakeError";
  }
}

/**
 * A callback of the host threw. `cause` is what it threw; the message has none of it. What it is and
 * where it was thrown is for the host's developers, in the log and in `app.on("error")`, never for users.
 */
export class HostCallbackError extends Error {
  /** The option, such as `signIn` or `catalog.roles`. */
  readonly callback: string;

  /** `cause` is what the callback threw. */
  constructor(callback: string, cause: unknown) {
    super(`${callback} threw`, { cause });
    this.name = "HostCallbackError";
    this.callback = callback;
  }
}

/**
 * Calls a callback of the host. It may return any thenable, such as a query of Objection or Knex.
 *
 * @throws HostCallbackError with what it threw, unless that is one of our own errors.
 */
export async function callHost<T>(callback: string, call: () => Awaitable<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const isOurs =
      error instanceof PortError ||
      error instanceof HostMistakeError ||
      error instanceof HostCallbackError;
    throw isOurs ? error : new HostCallbackError(callback, error);
  }
}

/** A value, or a promise or other thenable of it. */
export type Awaitable<T> = T | PromiseLike<T>;

/**
 * Waits for a library that is not loaded with the plugin itself.
 *
 * @throws HostMistakeError that names the library, with what went wrong as its `cause`.
 */
export async function loadLibrary<Library>(
  name: string,
  loading: Promise<Library>,
): Promise<Library> {
  try {
    return await loading;
  } catch (cause) {
    const mistake = new HostMistakeError(`${name} could not be loaded: check that it is installed`);
    mistake.cause = cause;
    throw mistake;
  }
}

/** The log event of a page's part that could not be made. */
export function partFailed(part: string, error: unknown): PagePartFailed {
  const message = failureMessage(error);
  return { event: "saml.page.part-failed", part, error: errorName(thrownIn(error)), message };
}

/** What the host's callback threw, or the error itself. */
export function thrownIn(error: unknown): unknown {
  return error instanceof HostCallbackError ? error.cause : error;
}

/** Class of what was thrown. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/**
 * What may be logged of an error's message: ours where it names a mistake of the host, and the
 * host's own. Others may contain values of a statement or of an assertion; a database's always does.
 */
export function failureMessage(error: unknown): string | undefined {
  if (error instanceof HostMistakeError) return error.message;
  if (!(error instanceof HostCallbackError)) return undefined;
  const { callback, cause } = error;
  const code = databaseFailure(cause)?.code;
  if (code !== undefined && OF_DATABASE.test(code)) {
    return `${callback} threw ${errorName(cause)} ${code}`;
  }
  const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return `${callback} threw ${said}`.slice(0, MAX_MESSAGE);
}

const MAX_MESSAGE = 1000;

/** A name in the database, never a value. */
const NAME = /^[\w$.-]{1,128}$/;

/** SQLSTATE, or the code of a driver. */
const OF_DATABASE = /^(?:[0-9A-Z]{5}|[0-9]{4}|(?:ER|SQLITE|PROTOCOL)_\w{1,64})$/;

/** Of a connection, from Node. */
const OF_SYSTEM = /^E[A-Z_]{1,32}$/;

/** Errors that wrap each other may do so in a circle. */
const MAX_WRAPPERS = 4;

/**
 * What the database said, in members that drivers, Objection and ORMs add to the message, of the error
 * and those that it wraps; the innermost counts.
 */
export function databaseFailure(
  error: unknown,
  depth: number = MAX_WRAPPERS,
): DatabaseFailure | undefined {
  if (typeof error !== "object" || error === null || depth === 0) return undefined;
  const member = (name: string): unknown => Reflect.get(error, name);
  const named = (name: string) => textIn(member(name), NAME);
  const errno = member("errno"); // MySQL's; mysql2 has no names for some
  const columns = member("columns");
  const said = {
    code:
      textIn(member("code"), OF_DATABASE) ??
      textIn(member("code"), OF_SYSTEM) ??
      (typeof errno === "number" && errno >= 1000 ? String(errno) : undefined),
    table: named("table"),
    column: named("column") ?? (Array.isArray(columns) ? namesIn(columns) : undefined),
    constraint: named("constraint"),
    ...databaseFailure(member("nativeError") ?? member("original") ?? member("cause"), depth - 1),
  };
  const known = Object.entries(said).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

function textIn(value: unknown, form: RegExp): string | undefined {
  return typeof value === "string" && form.test(value) ? value : undefined;
}

function namesIn(columns: readonly unknown[]): string | undefined {
  const names = columns.map((column) => textIn(column, NAME));
  return names.includes(undefined) || names.length === 0 ? undefined : names.join(", ");
}
