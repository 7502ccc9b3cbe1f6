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
