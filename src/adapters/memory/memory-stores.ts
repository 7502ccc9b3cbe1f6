import type { GroupId, OrganizationAccess, RoleId, UserId } from "../../domain/access.ts";
import type { Profile } from "../../domain/assertion.ts";
import type { AuditEntry } from "../../domain/audit.ts";
import { type EmailAddress, parseEmailAddress } from "../../domain/email-address.ts";
import type { UserState } from "../../domain/sign-in-decision.ts";
import { parseTenantId, type TenantId } from "../../domain/tenant.ts";
import type { Stores, UnitOfWork } from "../../ports/unit-of-work.ts";
import { entriesOf, makeMemoryAudit } from "./memory-audit.ts";
import {
  makeMemoryDomainProofs,
  makeMemoryEvents,
  makeMemoryLedger,
  makeMemoryRefreshes,
  makeMemorySettings,
  makeMemoryTestSignIns,
} from "./memory-records.ts";
import {
  keyOf,
  type MemoryState,
  type MemoryUser,
  makeDraftState,
  makeMemoryState,
} from "./memory-state.ts";
import { addUser, makeMemoryUsers } from "./memory-users.ts";

/** A user whom the host had before; what is left out is the least that a user can have. */
export interface UserSeed {
  /** Unique within the tenant; kept in its normal form. */
  readonly email: string;
  /** Default: `active`. */
  readonly state?: UserState;
  /** Default: `member`. */
  readonly role?: RoleId;
  /** Default: none. */
  readonly groups?: readonly GroupId[];
  /** Default: none. */
  readonly organizations?: OrganizationAccess;
  /** Names. Default: none. */
  readonly profile?: Profile;
}

/**
 * In-memory stores, with methods for tests, which accept tenants and addresses as strings and throw
 * a TypeError for invalid ones.
 */
export interface MemoryStores {
  /** The stores, for the application. */
  readonly stores: Stores;
  /** Transactions over the stores, for the application. */
  readonly unitOfWork: UnitOfWork;
  /** Adds a user as the host itself would have, without a receipt. */
  seedUser(tenant: string, seed: UserSeed): UserId;
  /** Changes a user as an administrator of the host would. */
  changeUser(
    tenant: string,
    id: UserId,
    change: Partial<Pick<MemoryUser, "state" | "role" | "groups" | "organizations" | "profile">>,
  ): void;
  /** The user with this ID, with role, grants, names and receipt. */
  userById(tenant: string, id: UserId): MemoryUser | undefined;
  /** The user with this address, with role, grants, names and receipt. */
  userByEmail(tenant: string, email: string): MemoryUser | undefined;
  /** Every user of the tenant, in order of creation. */
  usersOf(tenant: string): readonly MemoryUser[];
  /** Every audit entry of the tenant, newest first. */
  auditEntries(tenant: string): readonly AuditEntry[];
  /** How many things were consumed and not purged yet, over all tenants. */
  ledgerSize(): number;
}

/**
 * In-memory twins of every store, sharing one state. Transactions run one after the other; a single
 * write outside of one waits for its turn. So `work` must use only the stores that it is given, as
 * with a real database.
 */
export function makeMemoryStores({
  nextUserId = countingUserIds(),
}: {
  readonly nextUserId?: () => UserId;
} = {}): MemoryStores {
  const state = makeMemoryState();
  const bind = (bound: MemoryState, inTransaction: boolean): Stores => ({
    users: makeMemoryUsers({ state: bound, nextUserId, inTransaction }),
    settings: makeMemorySettings({ state: bound }),
    ledger: makeMemoryLedger({ state: bound, inTransaction }),
    audit: makeMemoryAudit({ state: bound }),
    testSignIns: makeMemoryTestSignIns({ state: bound }),
    domainProofs: makeMemoryDomainProofs({ state: bound }),
    events: makeMemoryEvents({ state: bound, inTransaction }),
    refreshes: makeMemoryRefreshes({ state: bound }),
  });
  const serialize = makeQueue();
  const transact = <T>(work: (stores: Stores) => Promise<T>): Promise<T> =>
    serialize(async () => {
      const draft = makeDraftState(state);
      const result = await work(bind(draft, true));
      draft.commit();
      return result;
    });
  const userById = (tenant: string, id: UserId) => state.users.get(keyOf(tenantOf(tenant), id));
  return {
    stores: writingInTurn(bind(state, false), transact),
    unitOfWork: { run: (_tenant, work) => transact(work) },
    seedUser: (tenant, seed) => {
      const id = nextUserId();
      addUser(state, {
        state: "active",
        role: "member",
        groups: [],
        organizations: { kind: "selected", ids: [] },
        profile: {},
        ...seed,
        tenant: tenantOf(tenant),
        id,
        email: addressOf(seed.email),
      });
      return id;
    },
    changeUser: (tenant, id, change) => {
      const user = userById(tenant, id);
      if (user === undefined) throw new Error(`user ${id} does not exist`);
      state.users.set(keyOf(user.tenant, id), { ...user, ...change });
    },
    userById,
    userByEmail: (tenant, email) => {
      const id = state.userIds.get(keyOf(tenantOf(tenant), addressOf(email)));
      return id === undefined ? undefined : userById(tenant, id);
    },
    usersOf: (tenant) =>
      [...state.users.entries()].map(([, user]) => user).filter((user) => user.tenant === tenant),
    auditEntries: (tenant) => entriesOf(state, tenantOf(tenant)),
    ledgerSize: () => [...state.ledger.entries()].length,
  };
}

function tenantOf(raw: string): TenantId {
  const tenant = parseTenantId(raw);
  if (tenant === undefined) throw new TypeError(`not a tenant's ID: ${raw}`);
  return tenant;
}

function addressOf(raw: string): EmailAddress {
  const parsed = parseEmailAddress(raw);
  if (!parsed.ok) throw new TypeError(`not an email address (${parsed.fault}): ${raw}`);
  return parsed.address;
}

/** Reads see committed data immediately; each write is its own transaction. */
function writingInTurn(
  reading: Stores,
  transact: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>,
): Stores {
  const { users, settings, ledger, audit, testSignIns, domainProofs, events, refreshes } = reading;
  return {
    users: {
      ...users,
      create: (...call) => transact((stores) => stores.users.create(...call)),
      acceptInvitation: (...call) => transact((stores) => stores.users.acceptInvitation(...call)),
    },
    settings: {
      ...settings,
      save: (...call) => transact((stores) => stores.settings.save(...call)),
    },
    ledger: {
      ...ledger,
      consume: (...call) => transact((stores) => stores.ledger.consume(...call)),
      purgeExpired: (...call) => transact((stores) => stores.ledger.purgeExpired(...call)),
    },
    audit: {
      ...audit,
      append: (...call) => transact((stores) => stores.audit.append(...call)),
      appendSignIn: (...call) => transact((stores) => stores.audit.appendSignIn(...call)),
      appendRefusal: (...call) => transact((stores) => stores.audit.appendRefusal(...call)),
      purgeBefore: (...call) => transact((stores) => stores.audit.purgeBefore(...call)),
    },
    testSignIns: {
      ...testSignIns,
      add: (...call) => transact((stores) => stores.testSignIns.add(...call)),
      restart: (...call) => transact((stores) => stores.testSignIns.restart(...call)),
      finish: (...call) => transact((stores) => stores.testSignIns.finish(...call)),
      forgetReceived: (...call) => transact((stores) => stores.testSignIns.forgetReceived(...call)),
      purgeBefore: (...call) => transact((stores) => stores.testSignIns.purgeBefore(...call)),
    },
    domainProofs: {
      list: domainProofs.list,
      add: (...call) => transact((stores) => stores.domainProofs.add(...call)),
      replace: (...call) => transact((stores) => stores.domainProofs.replace(...call)),
      forget: (...call) => transact((stores) => stores.domainProofs.forget(...call)),
    },
    events: {
      ...events,
      claim: (...call) => transact((stores) => stores.events.claim(...call)),
      delivered: (...call) => transact((stores) => stores.events.delivered(...call)),
      release: (...call) => transact((stores) => stores.events.release(...call)),
      purgeBefore: (...call) => transact((stores) => stores.events.purgeBefore(...call)),
    },
    refreshes: {
      ...refreshes,
      save: (...call) => transact((stores) => stores.refreshes.save(...call)),
      forget: (...call) => transact((stores) => stores.refreshes.forget(...call)),
    },
  };
}

function makeQueue(): <T>(job: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    const done = last.then(job);
    last = done.catch(() => undefined);
    return done;
  };
}

function countingUserIds(): () => UserId {
  let count = 0;
  return () => {
    count += 1;
    return `user-${count}`;
  };
}
