/** What can be wrong with what is stored. */
export type IntegrityCode =
  /** A user whom the plugin made, without a receipt. */
  | "user-without-receipt"
  /** A provisioning that the audit trail does not know of. */
  | "receipt-without-audit"
  /** Two users whose addresses differ in case at most. */
  | "email-not-unique"
  /** Two users were provisioned by one assertion. */
  | "assertion-used-twice"
  /** The ledger holds one thing twice. */
  | "ledger-not-unique"
  /** More entries of strangers are kept than may be. */
  | "too-many-refusals"
  | "seats-over-limit"
  /** The host's own number of seats is not that of its users. */
  | "seats-miscounted"
  /** A user has other grants than the receipt says. */
  | "grants-differ";

/** Something that should not be. */
export interface IntegrityFinding {
  /** What is wrong. */
  readonly code: IntegrityCode;
  /** Whose data it is. */
  readonly tenant: string;
  /** The user, address or key that it is about. */
  readonly subject: string;
}
