import type {
  GroupId,
  OrganizationAccess,
  OrganizationId,
  RoleId,
  UserId,
} from "../../domain/access.ts";
import type { EmailAddress } from "../../domain/email-address.ts";
import type { UserState } from "../../domain/sign-in-decision.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Stores, UnitOfWork } from "../../ports/unit-of-work.ts";

/** One promise of a port, for any test runner: `it(name, run)`. */
export interface ContractCase {
  /** The promise, as a test's name. */
  readonly name: string;
  /** Rejects with an `AssertionError` when the promise is broken. */
  run(): Promise<void>;
}

/** IDs that the subject's host has, so that grants can point at them. */
export interface Vocabulary {
  /** Counts towards the license in the cases that count. */
  readonly licensedRole: RoleId;
  /** Does not. */
  readonly liteRole: RoleId;
  /** At least two; empty if the host has no groups. */
  readonly groups: readonly GroupId[];
  /** At least two; empty if the host has no organizations. */
  readonly organizations: readonly OrganizationId[];
  /** Whether access to all organizations can be granted. Default: true. */
  readonly allOrganizations?: boolean;
}

/** Stored access of a user. */
export interface SeenAccess {
  /** Role. */
  readonly role: RoleId;
  /** Memberships, in any order. */
  readonly groups: readonly GroupId[];
  /** All, or a list in any order. */
  readonly organizations: OrganizationAccess;
}

/** The stores under test, empty for `tenant` and `otherTenant`. Created for each case. */
export interface StoresSubject {
  /** Stores whose calls are each their own transaction. */
  readonly stores: Stores;
  /** Transactions over the same stores. */
  readonly unitOfWork: UnitOfWork;
  /** Empty when a case begins. */
  readonly tenant: TenantId;
  /** Absent when the users belong to no tenant: the cases on isolation are then left out. */
  readonly otherTenant?: TenantId;
  /** IDs that grants may name. */
  readonly vocabulary: Vocabulary;
  /** States that the host's users can have; cases on others are left out. Default: every state. */
  readonly states?: readonly UserState[];
  /** Adds a user as the host itself would have. */
  seedUser(
    tenant: TenantId,
    seed: { readonly email: EmailAddress; readonly state: UserState; readonly role: RoleId },
  ): Promise<UserId>;
  /** The user's access, read past the port. */
  accessOf(tenant: TenantId, userId: UserId): Promise<SeenAccess | undefined>;
  /** How many users the tenant has, in any state, read past the port. */
  countUsers(tenant: TenantId): Promise<number>;
}

/** Makes a fresh subject. */
export type MakeStoresSubject = () => Promise<StoresSubject>;

/** A case over a fresh subject. */
export function storesCase(
  makeSubject: MakeStoresSubject,
  name: string,
  run: (subject: StoresSubject) => Promise<void>,
): ContractCase {
  return { name, run: async () => run(await makeSubject()) };
}

/** Every state, or those that the host has. */
export function statesOf({ states = EVERY_STATE }: StoresSubject): readonly UserState[] {
  return states;
}

const EVERY_STATE: readonly UserState[] = ["active", "invited", "suspended", "deleted"];

/** A case that needs users in a state; skipped for subjects whose users are never in it. */
export function stateCase(
  makeSubject: MakeStoresSubject,
  state: UserState,
  name: string,
  run: (subject: StoresSubject) => Promise<void>,
): ContractCase {
  return storesCase(makeSubject, name, async (subject) => {
    if (statesOf(subject).includes(state)) await run(subject);
  });
}

/** A case that needs a second tenant; skipped for subjects without one. */
export function isolationCase(
  makeSubject: MakeStoresSubject,
  name: string,
  run: (subject: StoresSubject, otherTenant: TenantId) => Promise<void>,
): ContractCase {
  return storesCase(makeSubject, name, async (subject) => {
    if (subject.otherTenant !== undefined) await run(subject, subject.otherTenant);
  });
}
