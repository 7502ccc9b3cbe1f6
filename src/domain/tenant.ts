/** Key of the type-level mark of {@link Branded}. */
export declare const brand: unique symbol;

/** A value of type `T` that only the parser of `Name` returns. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** A customer account of the host, with its own settings, users, ledger and audit trail. */
export type TenantId = Branded<string, "TenantId">;

const TENANT_ID = /^[\p{L}\p{N}._~:@-]{1,64}$/u;

/**
 * Parses a tenant ID: 1 to 64 letters, digits or `._~:@-`.
 *
 * @returns `undefined` if `raw` is invalid.
 */
export function parseTenantId(raw: unknown): TenantId | undefined {
  return isTenantId(raw) ? raw : undefined;
}

function isTenantId(raw: unknown): raw is TenantId {
  return typeof raw === "string" && TENANT_ID.test(raw);
}
