import type { RoleId, UserId } from "../../domain/access.ts";
import { defined } from "../../domain/defined.ts";
import {
  isPersistent,
  type Receipt,
  type ReceiptCount,
  type ReceiptFilter,
} from "../../domain/receipt.ts";
import type { TenantId } from "../../domain/tenant.ts";
import {
  type AuditPosition,
  formatPosition,
  newestFirst,
  parsePosition,
} from "../../ports/audit-trail.ts";
import { EmailTakenError, InvitationGoneError } from "../../ports/errors.ts";
import type { ReceiptPage, UserDirectory } from "../../ports/user-directory.ts";
import { keyOf, type MemoryState, type MemoryUser } from "./memory-state.ts";

export interface MemoryUsersDeps {
  readonly state: MemoryState;
  readonly nextUserId: () => UserId;
  /** Whether the directory lives in a transaction. */
  readonly inTransaction: boolean;
}

/**
 * A user directory over `state`; transactions are run one after the other, so they lock nothing.
 */
export function makeMemoryUsers({
  state,
  nextUserId,
  inTransaction,
}: MemoryUsersDeps): UserDirectory {
  return {
    findByEmail: async (tenant, email) => {
      const id = state.userIds.get(keyOf(tenant, email));
      const user = id === undefined ? undefined : state.users.get(keyOf(tenant, id));
      return user && { id: user.id, email: user.email, state: user.state };
    },
    countSeats: async (tenant, licensedRoles) => seatsOf(state, tenant, licensedRoles).length,
    countJitSeats: async (tenant, licensedRoles) =>
      seatsOf(state, tenant, licensedRoles).filter(({ receipt }) => receipt !== undefined).length,
    countSeatsExclusively: async (tenant, licensedRoles) => {
      if (!inTransaction) throw new Error("countSeatsExclusively requires a unit of work");
      return seatsOf(state, tenant, licensedRoles).length;
    },
    create: async (tenant, user, receipt, profile, assertion) => {
      const { email, role, groups, organizations } = user;
      const id = nextUserId();
      addUser(state, {
        tenant,
        id,
        email,
        state: "active",
        role,
        groups: [...new Set(groups)],
        organizations,
        profile,
        receipt,
        assertion,
      });
      return id;
    },
    acceptInvitation: async (tenant, userId) => {
      const user = state.users.get(keyOf(tenant, userId));
      if (user?.state !== "invited") throw new InvitationGoneError();
      state.users.set(keyOf(tenant, userId), { ...user, state: "active" });
    },
    findByIds: async (tenant, ids) =>
      ids.flatMap((id) => {
        const user = state.users.get(keyOf(tenant, id));
        return user === undefined ? [] : [{ id, email: user.email, state: user.state }];
      }),
    receiptOf: async (tenant, userId) => state.users.get(keyOf(tenant, userId))?.receipt,
    receipts: async (tenant, { filter, after: given, limit }) => {
      const after = given === undefined ? undefined : parsePosition(given);
      if (given !== undefined && after === undefined) return { receipts: [] };
      const found = receiptsOf(state, tenant)
        .filter(({ receipt }) => matches(receipt, filter))
        .filter((one) => after === undefined || newestFirst(positionOf(one), after) > 0);
      const receipts = found.slice(0, limit);
      const last = receipts.at(-1);
      return found.length > limit && last !== undefined
        ? { receipts, next: formatPosition(positionOf(last)) }
        : { receipts };
    },
    receiptCount: async (tenant) => receiptsOf(state, tenant).length,
    tallyReceipts: async (tenant) => {
      const counts = new Map<string, ReceiptCount>();
      for (const { receipt } of receiptsOf(state, tenant)) {
        const { role, connection, at } = receipt;
        const month = new Date(at).toISOString().slice(0, 7);
        const key = JSON.stringify([role, connection, month]);
        const { users = 0 } = counts.get(key) ?? {};
        counts.set(key, { role, month, users: users + 1, ...defined({ connection }) });
      }
      return [...counts.values()];
    },
    usersOfNameId: async (tenant, { issuer, nameId }, limit) =>
      receiptsOf(state, tenant)
        .filter(({ receipt }) => isPersistent(receipt))
        .filter(({ receipt }) => receipt.issuer === issuer && receipt.nameId === nameId)
        .slice(0, limit)
        .map(({ userId }) => userId),
  };
}

/**
 * Adds a user in any state.
 *
 * @throws EmailTakenError when the tenant has a user with this address.
 */
export function addUser(state: MemoryState, user: MemoryUser): void {
  const emailKey = keyOf(user.tenant, user.email);
  if (state.userIds.get(emailKey) !== undefined) throw new EmailTakenError();
  state.userIds.set(emailKey, user.id);
  state.users.set(keyOf(user.tenant, user.id), user);
}

type OwnedReceipt = ReceiptPage["receipts"][number];

/** Newest first. */
function receiptsOf(state: MemoryState, tenant: TenantId): readonly OwnedReceipt[] {
  return [...state.users.entries()]
    .flatMap(([, { tenant: of, id, receipt }]) =>
      of === tenant && receipt !== undefined ? [{ userId: id, receipt }] : [],
    )
    .sort((one, other) => newestFirst(positionOf(one), positionOf(other)));
}

function positionOf({ userId, receipt }: OwnedReceipt): AuditPosition {
  return { at: receipt.at, id: userId };
}

function matches(
  { role, connection, at }: Receipt,
  { from = 0, until = Number.POSITIVE_INFINITY, ...wanted }: ReceiptFilter,
): boolean {
  return (
    (wanted.role === undefined || wanted.role === role) &&
    (wanted.connection === undefined || wanted.connection === connection) &&
    at >= from &&
    at < until
  );
}

function seatsOf(
  state: MemoryState,
  tenant: TenantId,
  licensedRoles: readonly RoleId[],
): readonly MemoryUser[] {
  const licensed = new Set(licensedRoles);
  return [...state.users.entries()]
    .map(([, user]) => user)
    .filter(
      (user) =>
        user.tenant === tenant &&
        (user.state === "active" || user.state === "invited") &&
        licensed.has(user.role),
    );
}
