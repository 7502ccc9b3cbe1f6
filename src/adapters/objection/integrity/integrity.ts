import type { Knex } from "knex";
import type { RoleId } from "../../../domain/access.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import { dialectOf } from "../db/dialect.ts";
import { DEFAULT_TABLE_PREFIX, tablesOf } from "../migrations/tables.ts";
import { makeHostUserRows } from "../users/host-user-rows.ts";
import type { HostUsers } from "../users/host-users.ts";
import { ownUsers } from "../users/own-users.ts";
import { countSeatRows, countSeats } from "../users/seats.ts";
import { grantFindings } from "./integrity-of-grants.ts";
import type { IntegrityFinding } from "./integrity-queries.ts";
import { type IntegrityContext, integrityQueries } from "./integrity-queries.ts";

/** What the integrity check assumes. */
export interface IntegrityAssumptions {
  /**
   * Time from which the audit trail is complete, in milliseconds since the epoch. Default: the time of
   * its oldest entry, because purging deletes the oldest first.
   */
  readonly auditedSince?: number;
  /** Seat limits of tenants whose policy never allows more. */
  readonly seatLimits?: readonly {
    readonly tenant: TenantId;
    readonly licensedRoles: readonly RoleId[];
    readonly limit: number;
  }[];
  /**
   * Whether grants of provisioned users must still equal the receipt's. Default: false, because the
   * host may change them.
   */
  readonly grantsUntouched?: boolean;
}

/** Options of the integrity check. */
export interface IntegrityOptions extends IntegrityAssumptions {
  /** The database, or a replica of it. */
  readonly knex: Knex;
  /** As given to the stores. */
  readonly tablePrefix?: string;
  /** As given to the stores. */
  readonly hostUsers?: HostUsers;
}

/** Maximum number of findings of each kind. */
const MOST_FINDINGS = 1000;

/**
 * Looks for what the constraints, locks and transactions of the adapter should make impossible.
 * Reads only; on a large database it takes a while, so give it a replica or a quiet hour.
 *
 * @returns nothing when all is well; at most 1000 findings of each kind.
 */
export async function checkIntegrity({
  knex,
  tablePrefix = DEFAULT_TABLE_PREFIX,
  hostUsers,
  auditedSince,
  seatLimits = [],
  grantsUntouched = false,
}: IntegrityOptions): Promise<readonly IntegrityFinding[]> {
  const dialect = dialectOf(knex);
  const tables = tablesOf(tablePrefix);
  const users = hostUsers ?? ownUsers(tables);
  const context: IntegrityContext = {
    knex,
    dialect,
    tables,
    users,
    auditedSince: auditedSince ?? (await oldestEntry(knex, tables.audit)),
  };
  const findings: IntegrityFinding[] = [];
  for (const { code, query } of integrityQueries(context)) {
    for (const row of await query.limit(MOST_FINDINGS)) {
      findings.push({ code, tenant: memberOf(row, "tenant"), subject: memberOf(row, "subject") });
    }
  }
  const rows = makeHostUserRows(users);
  for (const { tenant, licensedRoles, limit } of seatLimits) {
    const sources = { dialect, tables, users, rows };
    const used = await countSeatRows(knex, sources, tenant, licensedRoles);
    const kept = await countSeats(knex, sources, tenant, licensedRoles);
    if (kept !== used) {
      findings.push({ code: "seats-miscounted", tenant, subject: `${kept} instead of ${used}` });
    }
    if (used > limit) {
      findings.push({ code: "seats-over-limit", tenant, subject: `${used} of ${limit}` });
    }
  }
  if (grantsUntouched) findings.push(...(await grantFindings(context)));
  return findings;
}

async function oldestEntry(knex: Knex, table: string): Promise<number> {
  const oldest: unknown = await knex(table).orderBy("at").first("at");
  return oldest === undefined ? Number.MAX_SAFE_INTEGER : Number(memberOf(oldest, "at"));
}

function memberOf(row: unknown, key: string): string {
  return String(typeof row === "object" && row !== null ? Reflect.get(row, key) : row);
}
