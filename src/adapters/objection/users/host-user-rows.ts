import type { Knex } from "knex";
import type { AnyQueryBuilder, Model, QueryBuilder } from "objection";
import type { Assertion, Profile } from "../../../domain/assertion.ts";
import type { KnownUser, NewUser, UserState } from "../../../domain/sign-in-decision.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import { callHost, HostMistakeError } from "../../../ports/errors.ts";
import type { DatabaseSession } from "../db/database-session.ts";
import type { Dialect } from "../db/dialect.ts";
import type { ColumnValue, ColumnValues, HostUsers } from "./host-users.ts";
import { requireKey, toKey } from "./keys.ts";

/** The tenant of hosts that have no tenants. */
const ONLY_TENANT = "default";

/** Reads and writes rows of the host's users through the mapping. */
export interface HostUserRows {
  /** Every user of the tenant. */
  of(db: Knex, tenant: TenantId): QueryBuilder<Model, Model[]>;
  value(row: Model, column: string): unknown;
  stateOf(row: Model): UserState;
  takingSeats(query: AnyQueryBuilder): void;
  invited(query: AnyQueryBuilder): void;
  /** What makes a user active, as members of the model. */
  active(): Readonly<Record<string, unknown>>;
  /** A new, active user, as members of the model. */
  newRow(
    tenant: TenantId,
    user: NewUser,
    profile: Profile,
    assertion: Assertion,
  ): Promise<Readonly<Record<string, unknown>>>;
}

/** Rows of `users`. */
export function makeHostUserRows(users: HostUsers): HostUserRows {
  const { model, columns } = users;
  const state = stateBehaviour(users);
  const members = (values: ColumnValues) =>
    Object.fromEntries(
      Object.entries(values).map(([column, value]) => [
        model.columnNameToPropertyName(column),
        value,
      ]),
    );
  const tenantValues = (tenant: TenantId): ColumnValues => {
    if (columns.tenant !== undefined) {
      return {
        [columns.tenant.name]: requireKey(columns.tenant.type, tenant, "hostUsers.columns.tenant"),
      };
    }
    if (tenant !== ONLY_TENANT) {
      throw new HostMistakeError(
        `hostUsers.columns.tenant is not set, so tenant ${tenant} does not exist`,
      );
    }
    return {};
  };
  return {
    of: (db, tenant) => model.query(db).where(tenantValues(tenant)),
    value: (row, column) => Reflect.get(row, model.columnNameToPropertyName(column)),
    stateOf: state.stateOf,
    takingSeats: state.takingSeats,
    invited: state.invited,
    active: () => members(state.active()),
    newRow: async (tenant, user, profile, assertion) =>
      members({
        ...(await callHost("hostUsers.newRow", () =>
          users.newRow?.(user, profile, assertion, tenant),
        )),
        ...names(users, profile),
        ...tenantValues(tenant),
        ...state.active(),
        ...organizationFlag(users, user),
        ...markColumns(users.createdBy),
        [columns.email]: user.email,
        [columns.role.name]: requireKey(columns.role.type, user.role, "hostUsers.columns.role"),
      }),
  };
}

type StateBehaviour = Pick<HostUserRows, "stateOf" | "takingSeats" | "invited"> & {
  active(): ColumnValues;
};

function stateBehaviour({ state, model }: HostUsers): StateBehaviour {
  if (state.kind === "computed") return state;
  const { column, values } = state;
  const { active, invited = [], deleted = [] } = values;
  const member = model.columnNameToPropertyName(column);
  return {
    stateOf: (row) => {
      const value: unknown = Reflect.get(row, member);
      if (holds(active, value)) return "active";
      if (holds(invited, value)) return "invited";
      return holds(deleted, value) ? "deleted" : "suspended";
    },
    takingSeats: (query) => whereOneOf(query, column, [...active, ...invited]),
    invited: (query) => whereOneOf(query, column, invited),
    active: () => ({ [column]: active[0] }),
  };
}

/** SQL's IN never finds NULL. */
function whereOneOf(query: AnyQueryBuilder, column: string, values: readonly ColumnValue[]): void {
  query.where((either) => {
    either.whereIn(
      column,
      values.filter((value) => value !== null),
    );
    if (values.includes(null)) either.orWhereNull(column);
  });
}

/**
 * Some databases give booleans back as numbers, some drivers numbers as text. What is not there at
 * all is no value: a misnamed column must not be treated as NULL.
 */
function holds(values: readonly ColumnValue[], value: unknown): boolean {
  const plain = (one: unknown) => {
    if (one === null || one === undefined) return one;
    return String(typeof one === "boolean" ? Number(one) : one);
  };
  return values.some((one) => plain(one) === plain(value));
}

function names({ columns }: HostUsers, profile: Profile): ColumnValues {
  return Object.fromEntries(
    (["displayName", "firstName", "lastName"] as const).flatMap((member) => {
      const column = columns[member];
      const value = profile[member];
      return column === undefined || value === undefined ? [] : [[column, value]];
    }),
  );
}

function organizationFlag({ allOrganizations }: HostUsers, user: NewUser): ColumnValues {
  if (user.organizations.kind !== "all") return {};
  if (allOrganizations === undefined) {
    throw new HostMistakeError(
      "hostUsers.allOrganizations is not set, so access to all organizations cannot be granted",
    );
  }
  return markColumns(allOrganizations);
}

function markColumns(
  mark: { readonly column: string; readonly value: ColumnValue } | undefined,
): ColumnValues {
  return mark === undefined ? {} : { [mark.column]: mark.value };
}

/** A row that is to be inserted if the user may still sign in. */
interface GuardedRow {
  readonly table: string;
  readonly row: Readonly<Record<string, string | number | null>>;
  readonly tenant: TenantId;
  readonly user: KnownUser;
}

/** Inserts a row if the user may still sign in; returns whether it was inserted. */
export type InsertWhereAllowed = (
  session: DatabaseSession,
  guarded: GuardedRow,
) => Promise<boolean>;

/**
 * Inserts a row if the user still has the address and is neither suspended nor deleted: one
 * statement checks and inserts.
 *
 * @returns whether it was inserted.
 */
export async function insertWhereSignInAllowed(
  db: Knex,
  dialect: Dialect,
  { table, row, users, tenant, user }: GuardedRow & { readonly users: HostUsers },
): Promise<boolean> {
  const { id, email } = users.columns;
  const key = toKey(id.type, user.id);
  if (key === undefined) return false;
  const columns = Object.keys(row);
  const rows = makeHostUserRows(users);
  const source = rows
    .of(db, tenant)
    .where(id.name, key)
    .where(email, user.email)
    .modify(rows.takingSeats)
    .select(Object.values(row).map((value) => db.raw("?", [value])))
    .toKnexQuery();
  const { sql, bindings } = source.toSQL();
  const inserted = await db.raw(
    `INSERT INTO ?? (${columns.map(() => "??").join(", ")}) ${sql}${dialect === "sqlite" ? " RETURNING 1" : ""}`,
    [table, ...columns, ...bindings],
  );
  switch (dialect) {
    case "sqlite":
      return inserted.length > 0;
    case "postgres":
      return inserted.rowCount > 0;
    case "mysql":
      return inserted[0].affectedRows > 0;
  }
}
