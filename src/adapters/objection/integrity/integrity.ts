import type { Knex } from "knex";
import type { RoleId } from "../../../domain/access.ts";
import { defined } from "../../../domain/defined.ts";
import type { Receipt } from "../../../domain/receipt.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import { dialectOf } from "../db/dialect.ts";
import { DEFAULT_TABLE_PREFIX, tablesOf } from "../migrations/table-names.ts";
import { makeObjectionStores } from "../objection-stores.ts";
import { RECEIPT_COLUMNS, type ReceiptRow } from "../stores/rows.ts";
import type { MakeHostUserDirectory } from "../users/host-directory.ts";
import { makeHostUserRows } from "../users/host-user-rows.ts";
import { type GrantTable, type HostUsers, ownUsers } from "../users/host-users.ts";
import { fromKey, toKey } from "../users/keys.ts";
import { countSeatRows } from "../users/seats.ts";
import {
  type IntegrityContext,
  type IntegrityFinding,
  integrityQueries,
} from "./integrity-queries.ts";

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
  /**
   * As given to the stores. Nothing is known of the host's tables then, so checks that read them are
   * left out.
   */
  readonly users?: MakeHostUserDirectory;
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
  users: makeDirectory,
  auditedSince,
  seatLimits = [],
  grantsUntouched = false,
}: IntegrityOptions): Promise<readonly IntegrityFinding[]> {
  const dialect = dialectOf(knex);
  const tables = tablesOf(tablePrefix);
  const users = makeDirectory === undefined ? (hostUsers ?? ownUsers(tables)) : undefined;
  const context = {
    knex,
    dialect,
    tables,
    auditedSince: auditedSince ?? (await oldestEntry(knex, tables.audit)),
  };
  const findings: IntegrityFinding[] = [];
  for (const { code, query } of integrityQueries({ ...context, users })) {
    for (const row of await query.limit(MOST_FINDINGS)) {
      findings.push({ code, tenant: memberOf(row, "tenant"), subject: memberOf(row, "subject") });
    }
  }
  const { stores } = makeObjectionStores({
    knex,
    tablePrefix,
    ...defined({ hostUsers, users: makeDirectory }),
  });
  for (const { tenant, licensedRoles, limit } of seatLimits) {
    const kept = await stores.users.countSeats(tenant, licensedRoles);
    const used =
      users === undefined
        ? kept
        : await countSeatRows(
            knex,
            { dialect, tables, users, rows: makeHostUserRows(users) },
            tenant,
            licensedRoles,
          );
    if (kept !== used) {
      findings.push({ code: "seats-miscounted", tenant, subject: `${kept} instead of ${used}` });
    }
    if (used > limit) {
      findings.push({ code: "seats-over-limit", tenant, subject: `${used} of ${limit}` });
    }
  }
  if (grantsUntouched && users !== undefined) {
    findings.push(...(await grantFindings({ ...context, users })));
  }
  return findings;
}

async function oldestEntry(knex: Knex, table: string): Promise<number> {
  const oldest: unknown = await knex(table).orderBy("at").first("at");
  return oldest === undefined ? Number.MAX_SAFE_INTEGER : Number(memberOf(oldest, "at"));
}

function memberOf(row: unknown, key: string): string {
  return String(typeof row === "object" && row !== null ? Reflect.get(row, key) : row);
}

const PAGE = 500;

/** Users whose grants are not those of their receipt. */
async function grantFindings(context: IntegrityContext): Promise<readonly IntegrityFinding[]> {
  const { knex, tables } = context;
  const findings: IntegrityFinding[] = [];
  let last: readonly [string, string] = ["", ""];
  for (;;) {
    const page: readonly ReceiptRow[] = await knex(tables.receipts)
      .whereRaw("(??, ??) > (?, ?)", ["tenant", "user_id", ...last])
      .orderBy(["tenant", "user_id"])
      .limit(PAGE)
      .select(RECEIPT_COLUMNS);
    findings.push(...(await findingsOf(context, page)));
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE) return findings;
    last = [end.tenant, end.user];
  }
}

async function findingsOf(
  context: IntegrityContext,
  page: readonly ReceiptRow[],
): Promise<readonly IntegrityFinding[]> {
  const { groups, organizations } = context.users;
  const ids = page.map(({ user }) => user);
  const groupsOf = await grantsOf(context, groups, ids);
  const organizationsOf = await grantsOf(context, organizations, ids);
  return page.flatMap((row): readonly IntegrityFinding[] => {
    const receipt: Receipt = JSON.parse(row.document);
    const wanted = receipt.organizations.kind === "all" ? [] : receipt.organizations.ids;
    const complete =
      sameIds(receipt.groups, groupsOf.get(row.user)) &&
      sameIds(wanted, organizationsOf.get(row.user));
    return complete ? [] : [{ code: "grants-differ", tenant: row.tenant, subject: row.user }];
  });
}

async function grantsOf(
  { knex, users }: IntegrityContext,
  { table, user, granted }: GrantTable,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const keys = userIds.flatMap((id) => toKey(users.columns.id.type, id) ?? []);
  const rows: readonly { readonly holder: unknown; readonly held: unknown }[] = await knex(table)
    .whereIn(user, keys)
    .select({ holder: user, held: granted.name });
  const found = new Map<string, string[]>();
  for (const { holder, held } of rows) {
    const id = fromKey(holder);
    const ids = found.get(id) ?? [];
    ids.push(fromKey(held));
    found.set(id, ids);
  }
  return found;
}

function sameIds(one: readonly string[], other: readonly string[] = []): boolean {
  const set = new Set(one);
  return set.size === other.length && other.every((id) => set.has(id));
}
