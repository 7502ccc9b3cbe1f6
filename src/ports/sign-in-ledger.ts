import type { TenantId } from "../domain/tenant.ts";

/** Something that may be used once only. */
export interface SingleUse {
  /** `assertion`: issuer and assertion ID; `request`: our request's ID; `logout`: issuer and message ID. */
  readonly kind: "assertion" | "request" | "logout";
  /** At most 64 characters: the hash of what identifies the thing. */
  readonly key: string;
  /** From when on the entry may be forgotten, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Remembers what was used, until it could not be used anyway. */
export interface SignInLedger {
  /**
   * Takes a single-use thing, atomically across processes.
   *
   * @returns whether this call was the first. Within a transaction that rolls back, it was never taken.
   */
  consume(tenant: TenantId, thing: SingleUse): Promise<boolean>;
  /**
   * Takes several single-use things, in their order. Only within a {@link UnitOfWork}, which the
   * caller undoes when one had been taken: then all others are free again.
   *
   * @param things each another one.
   * @returns the first of them that was taken before; `undefined` when this call took them all.
   */
  consumeAll(tenant: TenantId, things: readonly SingleUse[]): Promise<SingleUse | undefined>;
  /**
   * Forgets entries of every tenant that expired before `now`, `limit` at most.
   *
   * @returns how many were forgotten.
   */
  purgeExpired(now: number, limit: number): Promise<number>;
}
