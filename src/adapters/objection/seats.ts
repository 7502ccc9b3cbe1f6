import type { Knex } from "knex";
import type { RoleId } from "../../domain/access.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { SeatCount } from "../../ports/user-directory.ts";
import type { Dialect } from "./dialect.ts";
import type { HostUserRows } from "./host-user-rows.ts";
import type { HostUsers } from "./host-users.ts";
import { asText } from "./key-as-text.ts";
import { toKey } from "./keys.ts";
import type { Models } from "./models.ts";

/** What seats are counted over. */
export interface SeatSources {
  readonly dialect: Dialect;
  readonly models: Models;
  readonly users: HostUsers;
  readonly rows: HostUserRows;
}

/** Counts users with one of `roles` who take a seat, and those of them who have a receipt. */
export async function countSeats(
  db: Knex,
  { dialect, models, users, rows }: SeatSources,
  tenant: TenantId,
  roles: readonly RoleId[],
): Promise<SeatCount> {
  const { role, id } = users.columns;
  const keys = roles.flatMap((roleId) => toKey(role.type, roleId) ?? []);
  if (keys.length === 0) return { used: 0, usedByJit: 0 };
  const hasReceipt = `EXISTS (SELECT 1 FROM ?? WHERE tenant = ? AND user_id = ${asText(dialect, id)})`;
  const [row] = await rows
    .of(db, tenant)
    .whereIn(role.name, keys)
    .modify(rows.takingSeats)
    .select(
      db.raw("COUNT(*) AS used"),
      db.raw(`COUNT(CASE WHEN ${hasReceipt} THEN 1 END) AS jit`, [
        models.Receipt.tableName,
        tenant,
        `${users.model.tableName}.${id.name}`,
      ]),
    );
  if (row === undefined) throw new Error("a count gave no row");
  return { used: Number(Reflect.get(row, "used")), usedByJit: Number(Reflect.get(row, "jit")) };
}
