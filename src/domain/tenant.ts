/** The key of a {@link Branded} value's mark; there is nothing under it. */
export declare const brand: unique symbol;

/** A value of type `T` that only the parser of `Name` makes. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** One customer account of the host: it has its own settings, users, ledger and audit trail. */
export type TenantId = Branded<string, "TenantId">;

const TENANT_ID = /^[\p{L}\p{N}._~:@-]{1,64}$/u;

/**
 * Reads a tenant's ID: 1 to 64 letters, digits or `._~:@-`.
 *
 * @returns the ID, or `undefined` when `raw` is not one.
 */
export function parseTenantId(raw: unknown): TenantId | undefined {
  return isTenantId(raw) ? raw : undefined;
}

function isTenantId(raw: unknown): raw is TenantId {
  return typeof raw === "string" && TENANT_ID.test(raw);
}
