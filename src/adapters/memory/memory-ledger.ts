import type { SignInLedger } from "../../ports/sign-in-ledger.ts";
import { keyOf, type MemoryState } from "./memory-state.ts";

/** A ledger over `state`. */
export function makeMemoryLedger({ state }: { readonly state: MemoryState }): SignInLedger {
  return {
    consume: async (tenant, { kind, key, expiresAt }) => {
      const entry = keyOf(tenant, kind, key);
      if (state.ledger.get(entry) !== undefined) return false;
      state.ledger.set(entry, expiresAt);
      return true;
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
