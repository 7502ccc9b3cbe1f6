import type { TenantId } from "../../domain/tenant.ts";
import type { SignInLedger, SingleUse } from "../../ports/sign-in-ledger.ts";
import { keyOf, type MemoryState } from "./memory-state.ts";

/** A ledger over `state`. */
export function makeMemoryLedger({
  state,
  inTransaction,
}: {
  readonly state: MemoryState;
  /** Whether the ledger lives in a transaction. */
  readonly inTransaction: boolean;
}): SignInLedger {
  const take = (tenant: TenantId, { kind, key, expiresAt }: SingleUse): boolean => {
    const entry = keyOf(tenant, kind, key);
    if (state.ledger.get(entry) !== undefined) return false;
    state.ledger.set(entry, expiresAt);
    return true;
  };
  return {
    consume: async (tenant, key) => take(tenant, key),
    consumeAll: async (tenant, keys) => {
      if (!inTransaction) throw new Error("consumeAll requires a unit of work");
      return keys.find((key) => !take(tenant, key));
    },
    purgeExpired: async (now, limit) => {
      const expired = [...state.ledger.entries()]
        .filter(([, expiresAt]) => expiresAt < now)
        .slice(0, limit);
      for (const [entry] of expired) state.ledger.delete(entry);
      return expired.length;
    },
  };
}
