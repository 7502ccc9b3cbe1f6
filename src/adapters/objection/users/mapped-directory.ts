import type { Knex } from "knex";
import type { Model } from "objection";
import type { NewUser } from "../../../domain/sign-in-decision.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import {
  callHost,
  EmailTakenError,
  HostCallbackError,
  HostMistakeError,
  InvitationGoneError,
} from "../../../ports/errors.ts";
import type { UserDirectory } from "../../../ports/user-directory.ts";
import type { DatabaseSession } from "../db/database-session.ts";
import { isEmailConflict, isOfDatabase } from "../db/storage-errors.ts";
import { constraintMistake } from "../integrity/host-schema.ts";
import type { Tables } from "../migrations/table-names.ts";
import { addReceipt, makeReceiptStore } from "../stores/receipts.ts";
import { insertGrants } from "./grants.ts";
import type { DirectoryParts } from "./host-directory.ts";
import { insertWhereSignInAllowed, makeHostUserRows } from "./host-user-rows.ts";
import type { HostUsers } from "./host-users.ts";
import { fromKey, type Key, toKey } from "./keys.ts";
import { countJitSeats, countSeats, lockSeats, type SeatSources } from "./seats.ts";

/** A user directory over the host's own model, and the plugin's receipts. */
export function makeMappedDirectory({
  session,
  tables,
  users,
}: {
  readonly session: DatabaseSession;
  readonly tables: Tables;
  readonly users: HostUsers;
}): DirectoryParts {
  return {
    users: makeUserDirectory({ session, tables, users }),
    insertWhereAllowed: (inSession, guarded) =>
      inSession.run((db) => insertWhereSignInAllowed(db, inSession.dialect, { ...guarded, users })),
  };
}

function makeUserDirectory({
  session,
  tables,
  users,
}: {
  readonly session: DatabaseSession;
  readonly tables: Tables;
  readonly users: HostUsers;
}): UserDirectory {
  const rows = makeHostUserRows(users);
  const { id: idColumn, email: emailColumn } = users.columns;
  const sources: SeatSources = { dialect: session.dialect, tables, users, rows };
  return {
    findByEmail: (tenant, email) =>
      session.run(async (db) => {
        const found = await rows.of(db, tenant).where(emailColumn, email);
        // A folding collation also finds addresses of other users, any number of them before this one.
        const own = found.filter((row) => rows.value(row, emailColumn) === email);
        const [row, other] = own;
        if (other !== undefined) {
          throw new HostMistakeError(
            `hostUsers.columns.email is not unique in tenant ${tenant}: two users have one address`,
          );
        }
        if (row === undefined) return undefined;
        return { id: fromKey(rows.value(row, idColumn.name)), email, state: rows.stateOf(row) };
      }),
    countSeats: (tenant, roles) => session.runLong((db) => countSeats(db, sources, tenant, roles)),
    countJitSeats: (tenant, roles) =>
      session.runLong((db) => countJitSeats(db, sources, tenant, roles)),
    countSeatsExclusively: async (tenant, roles) => {
      if (!session.inTransaction) {
        throw new Error("countSeatsExclusively requires a unit of work");
      }
      return session.run(async (db) => {
        await lockSeats(db, session, tables, tenant);
        return countSeats(db, sources, tenant, roles);
      });
    },
    create: (tenant, user, receipt, profile, assertion) =>
      session.atomically(async (db) => {
        const row = await rows.newRow(tenant, user, profile, assertion);
        const key = await insertUser(db, { session, users }, row);
        try {
          await insertAllGrants(db, { session, users }, tenant, key, user);
        } catch (error) {
          throw ofHost(error, users);
        }
        const userId = fromKey(key);
        await addReceipt(db, tables, { tenant, userId, receipt });
        return userId;
      }),
    acceptInvitation: (tenant, userId) =>
      session.run(async (db) => {
        const key = toKey(idColumn.type, userId);
        if (key === undefined) throw new InvitationGoneError();
        const accepting = rows.of(db, tenant).where(idColumn.name, key).modify(rows.invited);
        if ((await accepting.patch(rows.active())) !== 1) throw new InvitationGoneError();
      }),
    findByIds: (tenant, ids) =>
      session.run(async (db) => {
        const keys = ids.flatMap((id) => toKey(idColumn.type, id) ?? []);
        if (keys.length === 0) return [];
        const found = await rows.of(db, tenant).whereIn(idColumn.name, keys);
        return found.map((row) => ({
          id: fromKey(rows.value(row, idColumn.name)),
          email: String(rows.value(row, emailColumn)),
          state: rows.stateOf(row),
        }));
      }),
    ...makeReceiptStore({ session, tables }),
  };
}

async function insertUser(
  db: Knex,
  { session, users }: { readonly session: DatabaseSession; readonly users: HostUsers },
  row: Readonly<Record<string, unknown>>,
): Promise<Key> {
  const { model, columns } = users;
  const given = await callHost("hostUsers.newId", () => users.newId?.());
  const idMember = model.columnNameToPropertyName(columns.id.name);
  try {
    const inserted: Model = await model
      .query(db)
      .insert(given === undefined ? row : { ...row, [idMember]: given });
    const key: unknown = given ?? Reflect.get(inserted, idMember);
    if (given === undefined && typeof key === "number" && columns.id.type !== "integer") {
      throw new HostMistakeError(
        "hostUsers.newId is required: this database does not return the generated ID",
      );
    }
    return typeof key === "number" ? key : fromKey(key);
  } catch (error) {
    const where = { db, dialect: session.dialect, table: model.tableName, column: columns.email };
    if (await isEmailConflict(error, where)) throw new EmailTakenError({ cause: error });
    throw ofHost(error, users);
  }
}

/**
 * An error of storing a new user: what the host's table lacks, or what a hook or the validation of its
 * model threw. Others are as they were.
 */
function ofHost(error: unknown, users: HostUsers): unknown {
  if (error instanceof HostMistakeError || error instanceof HostCallbackError) return error;
  const mistake = constraintMistake(error, users);
  if (mistake !== undefined) return mistake;
  return isOfDatabase(error) ? error : new HostCallbackError("hostUsers.model", error);
}

async function insertAllGrants(
  db: Knex,
  { session, users }: { readonly session: DatabaseSession; readonly users: HostUsers },
  tenant: TenantId,
  userKey: Key,
  { groups, organizations }: NewUser,
): Promise<void> {
  const to = {
    userKey,
    userKeyType: users.columns.id.type,
    tenant,
    tenantKeyType: users.columns.tenant?.type ?? "text",
  };
  await insertGrants(db, session.dialect, { ...to, into: users.groups, ids: groups });
  if (organizations.kind === "all") return;
  await insertGrants(db, session.dialect, {
    ...to,
    into: users.organizations,
    ids: organizations.ids,
  });
}
