/**
 * A callback of the host, or its set-up, breaks its contract. The message names the callback and the
 * rule, and never a value: it is written to the log.
 */
export class HostMistakeError extends TypeError {
  /** Stable, for programs. */
  readonly code = "host-mistake";

  constructor(message: string) {
    super(message);
    this.name = "HostMistakeError";
  }
}
