import type { Knex } from "knex";
import type { Model, QueryBuilder } from "objection";
import type { RoleId } from "../../../domain/access.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import { callHost, HostMistakeError } from "../../../ports/errors.ts";
import { asText, type Dialect } from "../db/dialect.ts";
import type { Tables } from "../migrations/table-names.ts";
import type { HostUserRows } from "./host-user-rows.ts";
import type { HostUsers } from "./host-users.ts";
import { toKey } from "./keys.ts";

/** What seats are counted over. */
export interface SeatSources {
  readonly dialect: Dialect;
  readonly tables: Tables;
  readonly users: HostUsers;
  readonly rows: HostUserRows;
}

/**
 * Counts users with one of `roles` who take a seat, or returns the host's count.
 *
 * @throws HostMistakeError if the host's count is not a non-negative integer.
 */
export async function countSeats(
  db: Knex,
  sources: SeatSources,
  tenant: TenantId,
  roles: readonly RoleId[],
): Promise<number> {
  const { users } = sources;
  if (users.countSeats === undefined) return countSeatRows(db, sources, tenant, roles);
  const kept: unknown = await callHost("hostUsers.countSeats", () =>
    users.countSeats?.(db, tenant, roles),
  );
  // Other values would compare as no seats.
  if (typeof kept === "number" && Number.isInteger(kept) && kept >= 0) return kept;
  throw new HostMistakeError("hostUsers.countSeats must return a non-negative integer");
}

/** Counts rows of users with one of `roles` who take a seat. */
export function countSeatRows(
  db: Knex,
  sources: SeatSources,
  tenant: TenantId,
  roles: readonly RoleId[],
): Promise<number> {
  return countRows(takingSeats(db, sources, tenant, roles));
}

/**
 * Counts those of {@link countSeatRows} whom the plugin created: by the mark in their rows, if there
 * is one, or by their receipts, which takes a join of all of them.
 */
export function countJitSeats(
  db: Knex,
  sources: SeatSources,
  tenant: TenantId,
  roles: readonly RoleId[],
): Promise<number> {
  const { dialect, tables, users } = sources;
  const seats = takingSeats(db, sources, tenant, roles);
  if (users.createdBy !== undefined) {
    return countRows(seats?.where(users.createdBy.column, users.createdBy.value));
  }
  const { id } = users.columns;
  return countRows(
    seats?.whereRaw(`EXISTS (SELECT 1 FROM ?? WHERE ?? = ? AND ?? = ${asText(dialect, id)})`, [
      tables.receipts,
      "tenant",
      tenant,
      "user_id",
      `${users.model.tableName}.${id.name}`,
    ]),
  );
}

/**
 * Makes the transaction the only one to count and take seats of the tenant, until it ends. Instances
 * with other prefixes may share the users: the lock is a row of one table for all of them. An
 * earlier version locks the row of the settings, which is therefore locked first.
 *
 * Both locks are writes: Galera nodes do not see each other's locks, but let only one of two
 * transactions that wrote the same row commit.
 */
export async function lockSeats(
  db: Knex,
  { dialect }: { readonly dialect: Dialect },
  { settings, seatLocks }: Tables,
  tenant: TenantId,
): Promise<void> {
  if (dialect === "sqlite") return; // a transaction holds the lock on the whole file
  const locked = await db(settings)
    .where({ tenant })
    .update({ seat_lock: db.raw("?? + 1", ["seat_lock"]) });
  // Without settings there are no sign-ins and no reason to count.
  if (locked !== 1) throw new Error(`tenant ${tenant} has no settings`);
  await db(seatLocks)
    .insert({ tenant, taken: 1 })
    .onConflict("tenant")
    .merge({ taken: db.raw("?? + 1", [`${seatLocks}.taken`]) });
}

type UserQuery = QueryBuilder<Model, Model[]>;

/** Matches no user if no role takes a seat. */
function takingSeats(
  db: Knex,
  { users, rows }: SeatSources,
  tenant: TenantId,
  roles: readonly RoleId[],
): UserQuery | undefined {
  const { role } = users.columns;
  const keys = roles.flatMap((roleId) => toKey(role.type, roleId) ?? []);
  if (keys.length === 0) return undefined;
  return rows.of(db, tenant).whereIn(role.name, keys).modify(rows.takingSeats);
}

/**
 * Objection counts around the query: the host's model may order its users, or fetch more with them.
 */
async function countRows(query: UserQuery | undefined): Promise<number> {
  return query === undefined ? 0 : query.resultSize();
}
