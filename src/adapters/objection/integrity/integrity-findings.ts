/** Kinds of inconsistent data. */
export type IntegrityCode =
  /** A user created by the plugin has no receipt. */
  | "user-without-receipt"
  /** A provisioned user has no audit entry. */
  | "receipt-without-audit"
  /** Two users have addresses that differ at most in case. */
  | "email-not-unique"
  /** Two users were provisioned by the same assertion. */
  | "assertion-used-twice"
  /** The ledger contains a record twice. */
  | "ledger-not-unique"
  /** More refusals are stored than allowed. */
  | "too-many-refusals"
  | "seats-over-limit"
  /** `countSeats` differs from the number of users. */
  | "seats-miscounted"
  /** The grants of a user differ from the receipt. */
  | "grants-differ";

/** An inconsistency. */
export interface IntegrityFinding {
  /** Kind of the inconsistency. */
  readonly code: IntegrityCode;
  /** Tenant of the data. */
  readonly tenant: string;
  /** The affected user, address or key. */
  readonly subject: string;
}
