import type { TenantId } from "../domain/tenant.ts";

/** A single-use record. */
export interface SingleUse {
  /**
   * `assertion`: issuer and assertion ID; `request`: our request's ID; `logout`: issuer and message
   * ID; `notice`: what was announced.
   */
  readonly kind: "assertion" | "request" | "logout" | "notice";
  /** Hash of the identifiers, at most 64 characters. */
  readonly key: string;
  /** Time after which the record may be deleted, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Remembers used records until they expire. */
export interface SignInLedger {
  /**
   * Consumes a record, atomically across processes. A rollback of the transaction undoes it.
   *
   * @returns whether this call was the first to consume it.
   */
  consume(tenant: TenantId, key: SingleUse): Promise<boolean>;
  /**
   * Consumes several distinct records in order. Only within a {@link UnitOfWork}, which the caller
   * rolls back if one had been consumed; the others are then unused again.
   *
   * @returns the first one that had been consumed before; `undefined` if this call consumed all.
   */
  consumeAll(tenant: TenantId, keys: readonly SingleUse[]): Promise<SingleUse | undefined>;
  /**
   * Deletes at most `limit` records of all tenants that expired before `now` (milliseconds since
   * the epoch).
   *
   * @returns the number of deleted records.
   */
  purgeExpired(now: number, limit: number): Promise<number>;
}
