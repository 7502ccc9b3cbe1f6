/** Codes of the errors that ports throw; everything that is expected is a value instead. */
export type PortErrorCode = "email-taken" | "storage-unavailable" | "invitation-gone";

/** The base of every error that a port throws. */
export class PortError extends Error {
  /** Stable, for programs. */
  readonly code: PortErrorCode;

  /** With `cause` in the options, where there is one. */
  constructor(code: PortErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/**
 * Somebody else has created this user meanwhile. The transaction must be abandoned and the sign-in
 * decided anew: the person is known now.
 */
export class EmailTakenError extends PortError {
  /** With what the storage said as its `cause`. */
  constructor(options?: ErrorOptions) {
    super("email-taken", "a user with this email address was created meanwhile", options);
  }
}

/** The invitation was taken up, or withdrawn, meanwhile. The sign-in must be decided anew. */
export class InvitationGoneError extends PortError {
  /** With what the storage said as its `cause`. */
  constructor(options?: ErrorOptions) {
    super("invitation-gone", "the invitation is not open any more", options);
  }
}

/** The storage does not answer, or is too busy; nothing was stored. Worth another try later. */
export class StorageUnavailableError extends PortError {
  /** When to try again, in seconds. */
  readonly retryAfterSeconds: number;

  /** With what the storage said as its `cause`. */
  constructor(retryAfterSeconds: number, options?: ErrorOptions) {
    super("storage-unavailable", "the storage is not available", options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
