import type { TenantId } from "../../../domain/tenant.ts";
import type { SignInLedger, SingleUse } from "../../../ports/unit-of-work.ts";
import { deleteBatch } from "../db/batches.ts";
import type { DatabaseSession } from "../db/database-session.ts";
import { insertIfAbsent } from "../db/upserts.ts";
import type { Tables } from "../migrations/table-names.ts";

const KEY = ["tenant", "kind", "key"] as const;

/** A ledger whose primary key makes every key single-use, across processes. */
export function makeSignInLedger({
  session,
  tables,
}: {
  readonly session: DatabaseSession;
  readonly tables: Tables;
}): SignInLedger {
  const table = tables.ledger;
  const firstUsed = (tenant: TenantId, keys: readonly SingleUse[]) =>
    session.run(async (db) => {
      const rows = keys.map((key) => rowOf(tenant, key));
      const used = await insertIfAbsent(db, session.dialect, { table, key: KEY, rows });
      return keys.find((_, index) => rows[index] === used);
    });
  return {
    consume: async (tenant, key) => (await firstUsed(tenant, [key])) === undefined,
    consumeAll: async (tenant, keys) => {
      if (!session.inTransaction) throw new Error("consumeAll requires a unit of work");
      return firstUsed(tenant, keys);
    },
    purgeExpired: (now, limit) =>
      session.runLong((db) =>
        deleteBatch(db, session.dialect, {
          table,
          key: KEY,
          column: "expires_at",
          before: now,
          limit,
        }),
      ),
  };
}

function rowOf(tenant: TenantId, { kind, key, expiresAt }: SingleUse) {
  if (key.length > 64) throw new RangeError("a ledger key must have at most 64 characters");
  return { tenant, kind, key, expires_at: expiresAt };
}
