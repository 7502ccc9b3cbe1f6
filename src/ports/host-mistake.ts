/**
 * A callback or the setup of the host violates its contract. The message, which is logged, names
 * the callback and the rule, never a value.
 */
export class HostMistakeError extends TypeError {
  /** Stable code. */
  readonly code = "host-mistake";

  constructor(message: string) {
    super(message);
    this.name = "HostMistakeError";
  }
}
