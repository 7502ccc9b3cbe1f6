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
