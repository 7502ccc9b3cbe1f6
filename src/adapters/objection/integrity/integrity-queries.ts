import type { Knex } from "knex";
import { REFUSALS_KEPT } from "../../../ports/audit-trail.ts";
import { asText, type Dialect } from "../db/dialect.ts";
import type { Tables } from "../migrations/table-names.ts";
import type { HostUsers, KeyColumn } from "../users/host-users.ts";

/** Kinds of inconsistent data. */
export type IntegrityCode =
  /** A user created by the plugin has no receipt. */
  | "user-without-receipt"
  /** A provisioned user has no audit entry. */
  | "receipt-without-audit"
  /** Two users have addresses that differ at most in case. */
  | "email-not-unique"
  /** Two users were provisioned by the same assertion. */
  | "assertion-used-twice"
  /** The ledger contains a record twice. */
  | "ledger-not-unique"
  /** More refusals are stored than allowed. */
  | "too-many-refusals"
  | "seats-over-limit"
  /** `countSeats` differs from the number of users. */
  | "seats-miscounted"
  /** The grants of a user differ from the receipt. */
  | "grants-differ";

/** An inconsistency. */
export interface IntegrityFinding {
  /** Kind of the inconsistency. */
  readonly code: IntegrityCode;
  /** Tenant of the data. */
  readonly tenant: string;
  /** The affected user, address or key. */
  readonly subject: string;
}

/** Input of the checks. */
export interface IntegrityContext {
  readonly knex: Knex;
  readonly dialect: Dialect;
  readonly tables: Tables;
  readonly users: HostUsers;
  /** Milliseconds since the epoch. */
  readonly auditedSince: number;
}

/** A query whose every row, with `tenant` and `subject`, is a finding. */
export interface IntegrityQuery {
  readonly code: IntegrityCode;
  readonly query: Knex.QueryBuilder;
}

/** The checks that are one query each. */
export function integrityQueries(
  context: Omit<IntegrityContext, "users"> & { readonly users: HostUsers | undefined },
): readonly IntegrityQuery[] {
  const { knex, tables, users } = context;
  return [
    { code: "receipt-without-audit", query: receiptsWithoutAudit(context) },
    ...(users === undefined ? [] : queriesOverUsers({ ...context, users })),
    {
      code: "assertion-used-twice",
      query: knex(tables.receipts)
        .select("tenant", "assertion_id_hash as subject")
        .groupBy("tenant", "assertion_id_hash")
        .havingRaw("COUNT(*) > 1"),
    },
    {
      code: "ledger-not-unique",
      query: knex(tables.ledger)
        .select("tenant", "key as subject")
        .groupBy("tenant", "kind", "key")
        .havingRaw("COUNT(*) > 1"),
    },
    {
      code: "too-many-refusals",
      query: knex(tables.audit)
        .select("tenant", knex.raw("COUNT(*) AS subject"))
        .whereNotNull("ring_slot")
        .groupBy("tenant")
        .havingRaw(`COUNT(*) > ${REFUSALS_KEPT}`),
    },
  ];
}

function queriesOverUsers(context: IntegrityContext): readonly IntegrityQuery[] {
  return [
    ...usersWithoutReceipt(context),
    { code: "email-not-unique", query: doubleAddresses(context) },
  ];
}

function usersWithoutReceipt(context: IntegrityContext): readonly IntegrityQuery[] {
  const { knex, dialect, tables, users } = context;
  const { createdBy, columns, model } = users;
  if (createdBy === undefined) return [];
  const textOf = (column: KeyColumn) =>
    knex.raw(asText(dialect, column), [`${model.tableName}.${column.name}`]);
  const id = textOf(columns.id);
  const tenant = columns.tenant === undefined ? knex.raw("'default'") : textOf(columns.tenant);
  const query = knex(model.tableName)
    .select(tenantOf(context), knex.raw("? AS subject", [id]))
    .where(createdBy.column, createdBy.value)
    .whereNotExists(
      knex(tables.receipts)
        .select(knex.raw("1"))
        .whereRaw("?? = ?", [`${tables.receipts}.tenant`, tenant])
        .whereRaw("?? = ?", [`${tables.receipts}.user_id`, id]),
    );
  return [{ code: "user-without-receipt", query }];
}

function receiptsWithoutAudit({
  knex,
  tables,
  auditedSince,
}: Omit<IntegrityContext, "users">): Knex.QueryBuilder {
  const { audit, receipts } = tables;
  return knex(receipts)
    .select(`${receipts}.tenant`, `${receipts}.user_id as subject`)
    .where(`${receipts}.at`, ">=", auditedSince)
    .whereNotExists(
      knex(audit)
        .select(knex.raw("1"))
        .where(`${audit}.outcome`, "provisioned")
        .whereRaw("?? = ??", [`${audit}.tenant`, `${receipts}.tenant`])
        .whereRaw("?? = ??", [`${audit}.user_id`, `${receipts}.user_id`]),
    );
}

function doubleAddresses(context: IntegrityContext): Knex.QueryBuilder {
  const { knex, users } = context;
  const { email, tenant } = users.columns;
  const table = users.model.tableName;
  const folded = knex.raw("LOWER(??)", [`${table}.${email}`]);
  return knex(table)
    .select(tenantOf(context), knex.raw("? AS subject", [folded]))
    .whereNotNull(`${table}.${email}`)
    .groupBy(...(tenant === undefined ? [] : [`${table}.${tenant.name}`]), folded)
    .havingRaw("COUNT(*) > 1");
}

function tenantOf({ knex, users }: IntegrityContext): Knex.Raw {
  const { columns, model } = users;
  return columns.tenant === undefined
    ? knex.raw("'default' AS tenant")
    : knex.raw("?? AS tenant", [`${model.tableName}.${columns.tenant.name}`]);
}
