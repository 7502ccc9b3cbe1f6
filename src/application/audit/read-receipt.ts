import type { UserId } from "../../domain/access.ts";
import type { Receipt } from "../../domain/receipt.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { UserDirectory } from "../../ports/user-directory.ts";

/** Reads why a provisioned user has the access that they have; `undefined` for all others. */
export type ReadReceipt = (tenant: TenantId, userId: UserId) => Promise<Receipt | undefined>;

export function makeReadReceipt({ users }: { readonly users: UserDirectory }): ReadReceipt {
  return (tenant, userId) => users.receiptOf(tenant, userId);
}
