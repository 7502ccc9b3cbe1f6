import type { Knex } from "knex";
import type { KnownUser, UserState } from "../../../domain/sign-in-decision.ts";
import { type Awaitable, callHost, HostMistakeError } from "../../../ports/errors.ts";
import type {
  HostUserDirectory,
  ListedUser,
  UserDirectory,
} from "../../../ports/user-directory.ts";
import type { DatabaseSession } from "../db/database-session.ts";
import { failureOf } from "../db/storage-errors.ts";
import { constraintMistake } from "../integrity/host-schema.ts";
import type { Tables } from "../migrations/table-names.ts";
import { addReceipt, makeReceiptStore } from "../stores/receipts.ts";
import type { InsertWhereAllowed } from "./host-user-rows.ts";
import { lockSeats } from "./seats.ts";

/**
 * The plugin's open transaction, in which a host's own directory reads and writes. The plugin
 * commits it or rolls it back.
 */
export interface UsersTransaction {
  /** The transaction, for hosts that use Knex. */
  readonly trx: Knex.Transaction;
  /**
   * The driver's connection on which the transaction is open, for other libraries: a `Client` of pg,
   * a `Connection` of mysql2, a `Database` of sqlite3.
   *
   * @param driverClass the class, from the driver that the host imports.
   * @throws HostMistakeError if the connection is not of that class.
   */
  connection<Connection>(driverClass: abstract new (...args: never[]) => Connection): Connection;
  /** Table of the receipts: `tenant` and `user_id` (text) name the users whom the plugin created. */
  readonly receiptsTable: string;
  /** Whether `error` is a violation of a unique key, as Knex, the driver or an ORM throws it. */
  isDuplicate(error: unknown): boolean;
}

/** Makes the host's own directory over a transaction of the plugin; called for each. */
export type MakeHostUserDirectory = (transaction: UsersTransaction) => HostUserDirectory;

/** A directory over the host's own, and what the audit trail asks of it. */
export interface DirectoryParts {
  readonly users: UserDirectory;
  readonly insertWhereAllowed: InsertWhereAllowed;
}

/** The host's own directory, with its answers checked, over the plugin's lock and receipts. */
export function makeHostDirectory({
  session,
  tables,
  makeDirectory,
}: {
  readonly session: DatabaseSession;
  readonly tables: Tables;
  readonly makeDirectory: MakeHostUserDirectory;
}): DirectoryParts {
  /** Calls a method of the host's directory over the transaction. */
  const ask = async <T>(
    trx: Knex.Transaction,
    method: keyof HostUserDirectory,
    call: (directory: HostUserDirectory) => Awaitable<T>,
  ): Promise<T> => {
    const transaction = transactionOf(trx, await trx.client.acquireConnection(), tables);
    const directory = await callHost("users", () => makeDirectory(transaction));
    for (const name of METHODS) {
      if (typeof Reflect.get(directory, name) !== "function") {
        throw new HostMistakeError(`users must return an object with the method ${name}`);
      }
    }
    return callHost(`users.${method}`, () => call(directory));
  };
  const findByEmail: UserDirectory["findByEmail"] = (tenant, email) =>
    session.reading(async (trx) =>
      known(await ask(trx, "findByEmail", (own) => own.findByEmail(tenant, email)), email),
    );
  const users: UserDirectory = {
    findByEmail,
    countSeats: (tenant, roles) =>
      session.readingLong(async (trx) =>
        count("countSeats", await ask(trx, "countSeats", (own) => own.countSeats(tenant, roles))),
      ),
    countJitSeats: (tenant, roles) =>
      session.readingLong(async (trx) =>
        count(
          "countJitSeats",
          await ask(trx, "countJitSeats", (own) => own.countJitSeats(tenant, roles)),
        ),
      ),
    countSeatsExclusively: async (tenant, roles) => {
      if (!session.inTransaction) {
        throw new Error("countSeatsExclusively requires a unit of work");
      }
      return session.reading(async (trx) => {
        await lockSeats(trx, session, tables, tenant);
        return count(
          "countSeats",
          await ask(trx, "countSeats", (own) => own.countSeats(tenant, roles)),
        );
      });
    },
    create: (tenant, user, receipt, profile, assertion) =>
      session.atomically(async (trx) => {
        const id = await ask(trx, "create", (own) =>
          own.create(tenant, user, receipt, profile, assertion),
        ).catch((error: unknown) => {
          throw constraintMistake(error, undefined) ?? error;
        });
        await addReceipt(trx, tables, { tenant, userId: userId("create", id), receipt });
        return id;
      }),
    acceptInvitation: (tenant, id) =>
      session.atomically(async (trx) => {
        await ask(trx, "acceptInvitation", (own) => own.acceptInvitation(tenant, id));
      }),
    findByIds: (tenant, ids) =>
      session.reading(async (trx) => {
        const found = await ask(trx, "findByIds", (own) => own.findByIds?.(tenant, ids));
        return found?.map(listed);
      }),
    ...makeReceiptStore({ session, tables }),
  };
  return {
    users,
    // Checked again immediately before the insert: a user who was suspended since must not sign in.
    insertWhereAllowed: (inSession, { table, row, tenant, user }) =>
      inSession.atomically(async (trx) => {
        const found = await ask(trx, "findByEmail", (own) => own.findByEmail(tenant, user.email));
        const now = known(found, user.email);
        if (now?.id !== user.id || !(now.state === "active" || now.state === "invited")) {
          return false;
        }
        await trx(table).insert(row);
        return true;
      }),
  };
}

function transactionOf(
  trx: Knex.Transaction,
  connection: unknown,
  { receipts }: Tables,
): UsersTransaction {
  return {
    trx,
    connection: (driverClass) => {
      if (connection instanceof driverClass) return connection;
      throw new HostMistakeError(
        `users: the connection is not a ${driverClass.name} of the driver that the host imports: check that there is one copy of it`,
      );
    },
    receiptsTable: receipts,
    isDuplicate: (error) => failureOf(error) === "duplicate",
  };
}

const METHODS: readonly (keyof HostUserDirectory)[] = [
  "findByEmail",
  "countSeats",
  "countJitSeats",
  "create",
  "acceptInvitation",
];

const STATES: ReadonlySet<unknown> = new Set<UserState>([
  "active",
  "invited",
  "suspended",
  "deleted",
]);

/** JavaScript hosts may return null for nobody. */
function known(found: KnownUser | null | undefined, email: string): KnownUser | undefined {
  if (found === undefined || found === null) return undefined;
  userId("findByEmail", found.id);
  if (!STATES.has(found.state)) {
    throw new HostMistakeError(
      "users.findByEmail must return a state: active, invited, suspended or deleted",
    );
  }
  // A collation that folds finds addresses of other users.
  if (found.email !== email) {
    throw new HostMistakeError("users.findByEmail must return the user with exactly that address");
  }
  return found;
}

function listed(user: ListedUser): ListedUser {
  userId("findByIds", user.id);
  if (typeof user.email === "string" && STATES.has(user.state)) return user;
  throw new HostMistakeError(
    "users.findByIds must return users with an ID, an address and a state",
  );
}

function userId(method: string, id: unknown): string {
  if (typeof id === "string" && id !== "" && id.length <= MAX_ID_LENGTH) return id;
  throw new HostMistakeError(
    `users.${method} must return an ID: a string of 1 to ${MAX_ID_LENGTH} characters`,
  );
}

/** As long as the receipts' column. */
const MAX_ID_LENGTH = 255;

/** Other values would compare as no seats. */
function count(method: string, seats: unknown): number {
  if (typeof seats === "number" && Number.isInteger(seats) && seats >= 0) return seats;
  throw new HostMistakeError(`users.${method} must return a non-negative integer`);
}
