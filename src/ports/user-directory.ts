import type { RoleId, UserId } from "../domain/access.ts";
import type { Assertion, Profile } from "../domain/assertion.ts";
import type { EmailAddress } from "../domain/email-address.ts";
import type { Subject } from "../domain/email-identity.ts";
import type { Receipt, ReceiptCount, ReceiptFilter } from "../domain/receipt.ts";
import type { KnownUser, NewUser } from "../domain/sign-in-decision.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { Awaitable } from "./errors.ts";

/**
 * The users of the host. By design, no operation disables, deletes, downgrades or changes an active
 * user.
 */
export interface UserDirectory extends ReceiptStore {
  /** The user with this address in any state, including invited, suspended and deleted. */
  findByEmail(tenant: TenantId, email: EmailAddress): Promise<KnownUser | undefined>;
  /** Number of seats taken: active and invited users with one of `licensedRoles`. */
  countSeats(tenant: TenantId, licensedRoles: readonly RoleId[]): Promise<number>;
  /**
   * Number of those seats whose users the plugin provisioned. For administrators only: it may read
   * every receipt, so no sign-in calls it.
   */
  countJitSeats(tenant: TenantId, licensedRoles: readonly RoleId[]): Promise<number>;
  /**
   * Like {@link countSeats}, but other transactions of the tenant wait in this call until this one
   * ends, so the count stays correct until the seat is assigned. Only within a {@link UnitOfWork}.
   */
  countSeatsExclusively(tenant: TenantId, licensedRoles: readonly RoleId[]): Promise<number>;
  /**
   * Creates an active user with all grants and the receipt, atomically.
   *
   * @param profile the names among what `assertion` says.
   * @param assertion what the identity provider says about the user; only for further columns of
   * the host's own.
   * @throws EmailTakenError if the tenant has a user with this address; the transaction must be
   * rolled back.
   */
  create(
    tenant: TenantId,
    user: NewUser,
    receipt: Receipt,
    profile: Profile,
    assertion: Assertion,
  ): Promise<UserId>;
  /**
   * Activates an invited user, with the role and grants of the invitation.
   *
   * @throws InvitationGoneError if the user is not or no longer invited.
   */
  acceptInvitation(tenant: TenantId, userId: UserId): Promise<void>;
  /**
   * Those users with `ids` (at most 200) that exist, in any order and state. Only users whom the
   * plugin created are asked for, to list them and to find renamed ones.
   *
   * @returns `undefined` if the directory cannot tell.
   */
  findByIds(tenant: TenantId, ids: readonly UserId[]): Promise<readonly ListedUser[] | undefined>;
}

/** A user in a list; the address is as the host has it. */
export interface ListedUser extends Omit<KnownUser, "email"> {
  /** The address. */
  readonly email: string;
}

/** Which page of the receipts to read. */
export interface ReceiptQuery {
  /** Which receipts. */
  readonly filter: ReceiptFilter;
  /** The `next` of the page before. Default: the newest. */
  readonly after?: string;
  /** Maximum number of receipts; at least 1. */
  readonly limit: number;
}

/** A page of receipts. */
export interface ReceiptPage {
  /** Newest first; of one time by the IDs of their users, in descending order. */
  readonly receipts: readonly { readonly userId: UserId; readonly receipt: Receipt }[];
  /**
   * The `after` of the next page, which is {@link formatPosition} of the last receipt; absent on the
   * last page.
   */
  readonly next?: string;
}

/** The receipts of provisioned users, which {@link UserDirectory.create} writes. */
export interface ReceiptStore {
  /** The receipt of a provisioned user; `undefined` for other users. */
  receiptOf(tenant: TenantId, userId: UserId): Promise<Receipt | undefined>;
  /** A page of all receipts. For administrators only. */
  receipts(tenant: TenantId, query: ReceiptQuery): Promise<ReceiptPage>;
  /** Number of receipts. For administrators only. */
  receiptCount(tenant: TenantId): Promise<number>;
  /**
   * The receipts of all users whom the plugin created, counted by role, connection and month; in any
   * order. For administrators only.
   */
  tallyReceipts(tenant: TenantId): Promise<readonly ReceiptCount[]>;
  /** Users whose receipts have this persistent NameID, newest first. They may no longer exist. */
  usersOfNameId(tenant: TenantId, subject: Subject, limit: number): Promise<readonly UserId[]>;
}

/**
 * A {@link UserDirectory} of the host's own over a transaction of the plugin, which keeps the
 * receipts and the lock for seats itself. Every method reads and writes in that transaction, and may
 * return any thenable, such as a query of Knex.
 */
export interface HostUserDirectory {
  /** As {@link UserDirectory.findByEmail}. */
  findByEmail(tenant: TenantId, email: EmailAddress): Awaitable<KnownUser | undefined>;
  /** As {@link UserDirectory.countSeats}. */
  countSeats(tenant: TenantId, licensedRoles: readonly RoleId[]): Awaitable<number>;
  /** As {@link UserDirectory.countJitSeats}. */
  countJitSeats(tenant: TenantId, licensedRoles: readonly RoleId[]): Awaitable<number>;
  /** As {@link UserDirectory.create}, without the receipt, which the plugin writes. */
  create(
    tenant: TenantId,
    user: NewUser,
    receipt: Receipt,
    profile: Profile,
    assertion: Assertion,
  ): Awaitable<UserId>;
  /** As {@link UserDirectory.acceptInvitation}. What it returns is awaited. */
  acceptInvitation(tenant: TenantId, userId: UserId): unknown;
  /** As {@link UserDirectory.findByIds}. Default: the state of listed users is unknown. */
  findByIds?(
    tenant: TenantId,
    ids: readonly UserId[],
  ): Awaitable<readonly ListedUser[] | undefined>;
}
