import type { SignInLedger } from "../../ports/sign-in-ledger.ts";
import type { DatabaseSession } from "./database-session.ts";
import { deleteBatch } from "./delete-batch.ts";
import { insertIfAbsent } from "./insert-if-absent.ts";
import type { Tables } from "./tables.ts";

/** A ledger whose primary key makes every thing single-use, across processes. */
export function makeSignInLedger({
  session,
  tables,
}: {
  readonly session: DatabaseSession;
  readonly tables: Tables;
}): SignInLedger {
  const table = tables.ledger;
  return {
    consume: async (tenant, { kind, key, expiresAt }) => {
      if (key.length > 64) throw new RangeError("a ledger key has at most 64 characters");
      return session.run((db) =>
        insertIfAbsent(db, session.dialect, {
          table,
          key: ["tenant", "kind", "thing"],
          row: { tenant, kind, thing: key, expires_at: expiresAt },
        }),
      );
    },
    purgeExpired: (now, limit) =>
      session.run((db) =>
        deleteBatch(db, session.dialect, {
          table,
          key: ["tenant", "kind", "thing"],
          column: "expires_at",
          before: now,
          limit,
        }),
      ),
  };
}
