import type { Knex } from "knex";
import type { Stores, UnitOfWork } from "../../ports/unit-of-work.ts";
import {
  type DatabaseSession,
  DEFAULT_RETRY_POLICY,
  makeDatabaseSession,
  makeTransactionSession,
  type RetryPolicy,
} from "./db/database-session.ts";
import { dialectOf } from "./db/dialect.ts";
import { DEFAULT_TABLE_PREFIX, tablesOf } from "./migrations/table-names.ts";
import { makeAuditTrail } from "./stores/audit-trail.ts";
import { makeDomainProofs } from "./stores/domain-proofs.ts";
import { makeEventOutbox } from "./stores/event-outbox.ts";
import { makeRefreshStates, makeSettingsStore } from "./stores/settings-store.ts";
import { makeSignInLedger } from "./stores/sign-in-ledger.ts";
import { makeTestSignIns } from "./stores/test-sign-ins.ts";
import { type MakeHostUserDirectory, makeHostDirectory } from "./users/host-directory.ts";
import { type HostUsers, ownUsers } from "./users/host-users.ts";
import { hostUsersFaults } from "./users/host-users-faults.ts";
import { makeMappedDirectory } from "./users/mapped-directory.ts";

/** What {@link makeObjectionStores} needs. */
export interface ObjectionStoresDeps {
  /** The host's Knex instance; not modified. */
  readonly knex: Knex;
  /** Prefix of the plugin's table names. Default: `saml_jit_`. */
  readonly tablePrefix?: string;
  /** Mapping of the host's users. Default: the plugin's own tables. */
  readonly hostUsers?: HostUsers;
  /** The host's own directory over each transaction. Excludes `hostUsers`. */
  readonly users?: MakeHostUserDirectory;
  /** Overrides of the retry policy. */
  readonly retry?: Partial<RetryPolicy>;
}

/** The stores over one database. */
export interface ObjectionStores {
  /** Stores whose calls are each their own transaction. */
  readonly stores: Stores;
  /** Runs several calls in one transaction. */
  readonly unitOfWork: UnitOfWork;
}

/**
 * Creates the stores over SQLite, PostgreSQL or MySQL/MariaDB. Instances with different prefixes
 * share nothing.
 *
 * @throws TypeError that lists all faults of the options.
 */
export function makeObjectionStores({
  knex,
  tablePrefix = DEFAULT_TABLE_PREFIX,
  hostUsers,
  users: makeDirectory,
  retry,
}: ObjectionStoresDeps): ObjectionStores {
  const faults = hostUsers === undefined ? [] : [...hostUsersFaults(hostUsers)];
  if (hostUsers !== undefined && makeDirectory !== undefined)
    faults.push("users excludes hostUsers");
  if (faults.length > 0) throw new TypeError(faults.join("; "));
  const dialect = dialectOf(knex);
  const tables = tablesOf(tablePrefix);
  const mapping = hostUsers ?? ownUsers(tables);
  const bind = (session: DatabaseSession): Stores => {
    const { users, insertWhereAllowed } =
      makeDirectory === undefined
        ? makeMappedDirectory({ session, tables, users: mapping })
        : makeHostDirectory({ session, tables, makeDirectory });
    return {
      users,
      settings: makeSettingsStore({ session, tables }),
      ledger: makeSignInLedger({ session, tables }),
      audit: makeAuditTrail({ session, tables, insertWhereAllowed }),
      testSignIns: makeTestSignIns({ session, tables }),
      domainProofs: makeDomainProofs({ session, tables }),
      events: makeEventOutbox({ session, tables }),
      refreshes: makeRefreshStates({ session, tables }),
    };
  };
  const session = makeDatabaseSession({
    knex,
    dialect,
    retry: { ...DEFAULT_RETRY_POLICY, ...retry },
  });
  return {
    stores: bind(session),
    unitOfWork: {
      run: (_tenant, work) =>
        session.atomically((trx) => work(bind(makeTransactionSession(trx, dialect)))),
    },
  };
}
