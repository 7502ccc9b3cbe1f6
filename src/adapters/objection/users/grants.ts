import type { Knex } from "knex";
import type { TenantId } from "../../../domain/tenant.ts";
import type { Dialect } from "../db/dialect.ts";
import type { GrantTable, KeyType } from "./host-users.ts";
import { type Key, requireKey } from "./keys.ts";

/** Grants of one user in one table. */
export interface Grants {
  readonly into: GrantTable;
  readonly userKey: Key;
  readonly userKeyType: KeyType;
  readonly tenant: TenantId;
  readonly tenantKeyType: KeyType;
  readonly ids: readonly string[];
}

/**
 * Inserts every grant in one statement: one round trip and three bindings, however many there are.
 * (A row of bindings a grant would pass the limits on bindings at some 10,000 organizations.)
 */
export async function insertGrants(db: Knex, dialect: Dialect, grants: Grants): Promise<void> {
  const { into, tenant, tenantKeyType, userKey, userKeyType } = grants;
  // In the order of a key on user and grant: SQLite and MariaDB take a tenth less.
  const ids = [...new Set(grants.ids)].sort();
  const keys = ids.map((id) => requireKey(into.granted.type, id, into.granted.name));
  if (keys.length === 0) return;
  const fixed = [
    { column: into.user, value: userKey, type: userKeyType },
    ...(into.tenant === undefined
      ? []
      : [
          {
            column: into.tenant,
            value: requireKey(tenantKeyType, tenant, "hostUsers.columns.tenant"),
            type: tenantKeyType,
          },
        ]),
  ];
  const columns = [...fixed.map(({ column }) => column), into.granted.name];
  const names = columns.map(() => "??").join(", ");
  const values = fixed.map(({ type }) => parameter(dialect, type)).join(", ");
  await db.raw(
    `INSERT INTO ?? (${names}) SELECT ${values}, ${source(dialect, into.granted.type)}`,
    [
      into.table,
      ...columns,
      ...fixed.map(({ value }) => value),
      dialect === "postgres" ? keys.map(String) : JSON.stringify(keys),
    ],
  );
}

/** PostgreSQL reads a bare parameter as text; the others go by the value. */
function parameter(dialect: Dialect, type: KeyType): string {
  return dialect === "postgres" ? `?::${POSTGRES_TYPES[type]}` : "?";
}

function source(dialect: Dialect, type: KeyType): string {
  switch (dialect) {
    case "sqlite":
      return "value FROM json_each(?)";
    case "postgres":
      return `unnest(?::${POSTGRES_TYPES[type]}[])`;
    case "mysql":
      return `granted FROM JSON_TABLE(?, '$[*]' COLUMNS (granted ${MYSQL_TYPES[type]} PATH '$')) AS grants`;
  }
}

const POSTGRES_TYPES: Readonly<Record<KeyType, string>> = {
  text: "text",
  integer: "bigint",
  uuid: "uuid",
};

const MYSQL_TYPES: Readonly<Record<KeyType, string>> = {
  text: "VARCHAR(255) CHARACTER SET utf8mb4",
  integer: "BIGINT",
  uuid: "CHAR(36) CHARACTER SET utf8mb4",
};
