/** A failure after something was recorded: page, log and audit trail use the same reference. */
export class ReferencedError extends Error {
  /** Reference of the audit entry. */
  readonly reference: string;

  constructor(reference: string, cause: unknown) {
    super("failed after it was recorded", { cause });
    this.name = "ReferencedError";
    this.reference = reference;
  }
}
